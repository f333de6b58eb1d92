import type { DemoChannel } from "./channels.ts"

/** What a list says of a channel's past, and the live address where that is another than Xtream's. */
export type CatchupEntry = { attributes: string; address: string | null }

/** `account` is the path with the login. What the templates ask for is read by `past-request.ts`. */
export function catchupEntry({ id, catchup }: DemoChannel, baseUrl: string, account: string): CatchupEntry {
  if (catchup === undefined) return { attributes: "", address: null }
  const { kind, days } = catchup
  const said = (source?: string) =>
    ` catchup="${kind}" catchup-days="${days}"${source === undefined ? "" : ` catchup-source="${source}"`}`
  switch (kind) {
    case "xc":
      return { attributes: said(), address: null }
    case "shift":
      return { attributes: said("?utc={utc}&lutc={lutc}"), address: null }
    case "append":
      return { attributes: said("?begin={utc}&length={duration:60}"), address: null }
    case "default": {
      // By the panel's clock, as a list may have it.
      const source = `${baseUrl}/past/${account}/${id}/{Y}-{m}-{d}/\${start:H-M-S}/{duration}.ts`
      return { attributes: said(source), address: null }
    }
    case "flussonic":
      return { attributes: said(), address: `${baseUrl}/fs/${account}/${id}/mpegts` }
    case "flussonic-hls":
      return { attributes: said(), address: `${baseUrl}/fs/${account}/${id}/index.m3u8` }
  }
}
