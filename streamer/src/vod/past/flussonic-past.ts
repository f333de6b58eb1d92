import type { Moment } from "./fill-moment.ts"
import type { PastTemplate } from "./xtream-past.ts"

const flussonicKinds: ReadonlySet<string> = new Set(["flussonic", "fs", "flussonic-hls", "flussonic-ts"])

export const isFlussonic = (kind: string) => flussonicKinds.has(kind)

/**
 * The past of a stream of Flussonic's, beside its live address (`…/mpegts`, `…/index.m3u8`, `…/video.m3u8`), with what
 * is behind the `?` as it is. A piece is `archive-{from}-{seconds}`, or has the playlist's own name in place of
 * `archive`; `timeshift_abs-{from}` is as long as the archive, and comes at the pace of time (Flussonic's
 * documentation, "Accessing DVR archives via various protocols"). For MPEG-TS the latter is first, as in Kodi's IPTV
 * Simple. Null for what has no folder.
 */
export function flussonicTemplates(
  kind: string,
  address: string,
  { start, seconds }: Moment,
): PastTemplate[] | null {
  const [, folder, file = "", query = ""] =
    /^([^?#]+:\/\/[^?#]+|\{server\}[^?#]*)\/([^/?#]*)(\?[^#]*)?$/.exec(address) ?? []
  if (folder === undefined) return null
  const at = (name: string) => `${folder}/${name}${query}`
  const playlist = /^(.+)\.m3u8$/i.exec(file)?.[1]
  const isSegmented = kind === "flussonic-hls" || (kind !== "flussonic-ts" && playlist !== undefined)
  if (!isSegmented)
    return [
      { form: "timeshift", template: at(`timeshift_abs-${start}.ts`) },
      { form: "archive", template: at(`archive-${start}-${seconds}.ts`) },
    ]
  const named: PastTemplate[] =
    playlist === undefined || playlist === "archive"
      ? []
      : [{ form: "named-archive", template: at(`${playlist}-${start}-${seconds}.m3u8`) }]
  return [...named, { form: "archive", template: at(`archive-${start}-${seconds}.m3u8`) }]
}
