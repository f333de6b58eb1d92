/**
 * A stored entry is one line of UTF-8 text, so that a million of them are kept as bytes and not as objects.
 * Its fields are separated by 0x1f and ended by a line break; no field holds another control character,
 * but for those named here.
 *
 * 0 kind: `L` live, `M` movie, `S` series, `E` episode
 * 1 name as displayed; never empty
 * 2 tvg-id, or nothing
 * 3 groups, separated by 0x1e
 * 4 attributes as they are written into a playlist: ` name="value"` each, in the source's order; the value of
 *   a `tvg-logo` that is served by us is 0x03 alone (`m3u-template.ts`), the channel's id follows when rendered
 * 5 locator: `xl`, `xm` or `xs` (Xtream live, movie, series) and `streamId.extension`; or `u` and a template
 * 6 headers as JSON, or nothing
 * 7 template of a logo that is served by us, or nothing
 * 8 details as JSON, or nothing
 */
export const fieldCount = 9
export const fieldEnd = 0x1f
export const groupEnd = 0x1e
export const recordEnd = 0x0a

export const kindBytes = { live: 0x4c, movie: 0x4d, series: 0x53, episode: 0x45 } as const

export const field = {
  kind: 0,
  name: 1,
  tvgId: 2,
  groups: 3,
  attributes: 4,
  locator: 5,
  headers: 6,
  logo: 7,
  details: 8,
} as const
