import { logoTemplate, pastTemplate, placeholder } from "@tributary/shared/snapshot/m3u-template"
import { field, kindBytes } from "../../catalogue/record.ts"
import type { ChannelSet } from "../channels/channel-set.ts"
import type { ByteWriter } from "../columns/byte-writer.ts"
import { attributeNeedle, findAttribute } from "../columns/find-attribute.ts"

const extinf = Buffer.from("#EXTINF:-1")
const comma = 0x2c
const newline = 0x0a
// By which Kodi tells a file from a channel (README of pvr.iptvsimple).
const media = Buffer.from(' media="true"')
const mediaNeedle = attributeNeedle("media")
// What lists say of their own past: its addresses are the provider's.
const pastNeedle = Buffer.from("catchup")
const pastAttribute = / (?:catchup(?:-[a-z]+)?|tvg-rec|timeshift)="[^"]*"/gi

/** What an entry of a playlist is rendered from. */
export interface PlaylistEntry {
  channels: ChannelSet
  channel: number
  /** Of catch-up; 0: there is none. */
  pastDays: number
}

/** One entry of a playlist template: an `#EXTINF` line with the attributes in their order, and the address. */
export function renderPlaylistEntry({ channels, channel, pastDays }: PlaylistEntry, out: ByteWriter): void {
  const { bytes, starts, ends } = channels.records.open(channels.face[channel] as number)
  const id = channels.id[channel] as number
  const isLive = channels.kind[channel] === kindBytes.live
  out.copy(extinf, 0, extinf.length)
  const start = starts[field.attributes] as number
  const end = ends[field.attributes] as number
  if (pastDays > 0 || bytes.subarray(start, end).includes(pastNeedle))
    writeWithPast(bytes.toString("utf8", start, end), id, pastDays, out)
  else if (starts[field.logo] === ends[field.logo]) out.copy(bytes, start, end)
  else copyWithLogo(bytes, start, end, id, out)
  if (!isLive && findAttribute(channels.records, mediaNeedle) === null) out.copy(media)
  out
    .byte(placeholder.attributesEnd)
    .byte(comma)
    .copy(bytes, starts[field.name] as number, ends[field.name] as number)
  if (isLive) out.byte(placeholder.liveProperties)
  out.byte(newline)
  writeAddress(channels, channel, id, out)
  out.byte(newline)
}

/** The attributes with our own words on catch-up in place of the source's. */
function writeWithPast(attributes: string, id: number, days: number, out: ByteWriter): void {
  out.text(attributes.replace(pastAttribute, "").replace("\u0003", () => logoTemplate(String(id))))
  if (days > 0)
    out.text(` catchup="default" catchup-days="${days}" catchup-source="${pastTemplate(String(id))}"`)
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
