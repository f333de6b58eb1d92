import { placeholder } from "@tributary/shared/snapshot/m3u-template"
import { field, kindBytes } from "../../catalogue/record.ts"
import type { ChannelSet } from "../channels/channel-set.ts"
import type { ByteWriter } from "../columns/byte-writer.ts"

const extinf = Buffer.from("#EXTINF:-1")
const comma = 0x2c
const newline = 0x0a

/** One entry of a playlist template: an `#EXTINF` line with the attributes in their order, and the address. */
export function renderPlaylistEntry(channels: ChannelSet, channel: number, out: ByteWriter): void {
  const { bytes, starts, ends } = channels.records.open(channels.face[channel] as number)
  const id = channels.id[channel] as number
  out.copy(extinf, 0, extinf.length)
  const start = starts[field.attributes] as number
  const end = ends[field.attributes] as number
  if (starts[field.logo] === ends[field.logo]) out.copy(bytes, start, end)
  else copyWithLogo(bytes, start, end, id, out)
  out
    .byte(comma)
    .copy(bytes, starts[field.name] as number, ends[field.name] as number)
    .byte(newline)
  writeAddress(channels, channel, id, out)
  out.byte(newline)
}

/** The logo's placeholder stands in the attributes already, and wants the id behind it. */
function copyWithLogo(bytes: Buffer, start: number, end: number, id: number, out: ByteWriter): void {
  const at = bytes.indexOf(placeholder.logoStart, start)
  if (at < 0 || at >= end) out.copy(bytes, start, end)
  else
    out
      .copy(bytes, start, at + 1)
      .number(id)
      .copy(bytes, at + 1, end)
}

function writeAddress(channels: ChannelSet, channel: number, id: number, out: ByteWriter): void {
  const kind = channels.kind[channel]
  if (kind === kindBytes.live) out.byte(placeholder.addressStart).number(id).byte(placeholder.addressEnd)
  else
    out
      .byte(kind === kindBytes.movie ? placeholder.movieStart : placeholder.episodeStart)
      .number(id)
      .ascii(`.${fileExtension(channels, channel)}`)
}

/** Of a movie's or an episode's first feed; players choose their demuxer by it. */
export function fileExtension(channels: ChannelSet, channel: number): string {
  const locator = channels.records.open(channels.firstFeed(channel)).text("locator")
  return /\.([a-z0-9]{2,4})(?:[?#].*)?$/i.exec(locator)?.[1]?.toLowerCase() ?? "mp4"
}
