import type { EntryDetails } from "@tributary/shared/catalogue/entry"
import { titleAndYear } from "@tributary/shared/catalogue/title-and-year"
import { logoTemplate } from "@tributary/shared/snapshot/m3u-template"
import { field, kindBytes } from "../../catalogue/record.ts"
import type { ChannelSet } from "../channels/channel-set.ts"
import type { GroupSets } from "../channels/group-sets.ts"
import type { ByteWriter } from "../columns/byte-writer.ts"
import { attributeNeedle, findAttribute } from "../columns/find-attribute.ts"
import type { RecordSet } from "../columns/record-set.ts"
import { fileExtension } from "./render-playlist.ts"

const liveId = Buffer.from(',"stream_type":"live","stream_id":')
// Panels' word for a station without a picture.
const radioId = Buffer.from(',"stream_type":"radio_streams","stream_id":')
const afterEpgId = Buffer.from(',"added":"0","is_adult":"0",')
const beforePast = Buffer.from(',"custom_sid":"","thumbnail":"","direct_source":"",')
const withoutPast = Buffer.from('"tv_archive":0,"tv_archive_duration":0}')
const logoNeedle = attributeNeedle("tvg-logo")
const radioNeedle = attributeNeedle("radio")

/** What a row is rendered from. */
export interface ListRow {
  channels: ChannelSet
  channel: number
  /** The row's place, from 1. */
  number: number
  groups: GroupSets
  /** Of catch-up; 0: there is none. */
  pastDays: number
}

/**
 * One row of an Xtream list; types and names as panels send them (`category_id` a string, `stream_id` a
 * number).
 */
export function renderListRow(row: ListRow, out: ByteWriter): void {
  const kind = row.channels.kind[row.channel]
  if (kind === kindBytes.live) renderLive(row, out)
  else if (kind === kindBytes.movie) renderMovie(row, out)
  else renderSeries(row, out)
}

function renderLive({ channels, channel, number, groups, pastDays }: ListRow, out: ByteWriter): void {
  const { bytes, starts, ends } = channels.records.open(channels.face[channel] as number)
  out.ascii('{"num":').number(number).ascii(',"name":')
  out.json(bytes, starts[field.name] as number, ends[field.name] as number)
  out.copy(isRadio(channels.records) ? radioId : liveId).number(channels.id[channel] as number)
  out.ascii(',"stream_icon":')
  writeLogo(channels, channel, out)
  out.ascii(',"epg_channel_id":')
  if (starts[field.tvgId] === ends[field.tvgId]) out.ascii("null")
  else out.json(bytes, starts[field.tvgId] as number, ends[field.tvgId] as number)
  out.copy(afterEpgId)
  out.copy(groups.of(channel).categories)
  out.copy(beforePast)
  if (pastDays === 0) out.copy(withoutPast)
  else out.ascii('"tv_archive":1,"tv_archive_duration":').number(pastDays).ascii("}")
}

/** Whether the open record is of a station without a picture: Kodi takes `radio="true"` for one. */
function isRadio(records: RecordSet): boolean {
  const place = findAttribute(records, radioNeedle)
  return place !== null && /^(?:true|1)$/i.test(records.bytes.toString("latin1", place.start, place.end))
}

function renderMovie({ channels, channel, number, groups }: ListRow, out: ByteWriter): void {
  const details = detailsOf(channels, channel)
  const extension = fileExtension(channels, channel)
  const { records } = channels
  const { bytes, starts, ends } = records.open(channels.face[channel] as number)
  out.ascii('{"num":').number(number).ascii(',"name":')
  out.json(bytes, starts[field.name] as number, ends[field.name] as number)
  out.ascii(`,"stream_type":"movie","stream_id":${channels.id[channel]},"stream_icon":`)
  writeLogo(channels, channel, out)
  const { plot = "", cast = "", director = "", genre = "", releaseDate = "", trailer = "" } = details
  const minutes = Number(details.episodeMinutes)
  const rest = {
    ...titleAndYear(records.text("name"), releaseDate),
    // A number, where a series has it as text.
    ...{ rating: numberOf(details.rating), rating_5based: halved(details.rating) },
    ...{ added: details.added ?? "0", is_adult: details.isAdult ? "1" : "0" },
    ...{ plot, cast, director, genre, release_date: releaseDate, youtube_trailer: trailer },
    episode_run_time: Number.isFinite(minutes) ? minutes : 0,
  }
  out.text(`,${members(rest)},`)
  out.copy(groups.of(channel).categories)
  out.ascii(`,"container_extension":"${extension}","custom_sid":"","direct_source":""}`)
}

function renderSeries({ channels, channel, number, groups }: ListRow, out: ByteWriter): void {
  const details = detailsOf(channels, channel)
  const { records } = channels
  const { bytes, starts, ends } = records.open(channels.face[channel] as number)
  out.ascii('{"num":').number(number).ascii(',"name":')
  out.json(bytes, starts[field.name] as number, ends[field.name] as number)
  out.ascii(`,"stream_type":"series","series_id":${channels.id[channel]},"cover":`)
  writeLogo(channels, channel, out)
  const { plot = "", cast = "", director = "", genre = "", releaseDate = "", backdrop } = details
  const rest = {
    ...titleAndYear(records.text("name"), releaseDate),
    // Panels write both.
    ...{ plot, cast, director, genre, releaseDate, release_date: releaseDate },
    ...{ last_modified: details.added ?? "0", rating: details.rating ?? "" },
    rating_5based: halved(details.rating),
    backdrop_path: backdrop === undefined ? [] : [backdrop],
    youtube_trailer: details.trailer ?? "",
    episode_run_time: details.episodeMinutes ?? "0",
  }
  out.text(`,${members(rest)},`)
  out.copy(groups.of(channel).categories).ascii("}")
}

/** An object's JSON without its braces. */
const members = (value: object) => JSON.stringify(value).slice(1, -1)

function numberOf(rating: string | undefined): number {
  const number = Number(rating)
  return Number.isFinite(number) ? number : 0
}

/** Of ten points, of five. */
const halved = (rating: string | undefined) => Math.round(numberOf(rating) * 5) / 10

function detailsOf(channels: ChannelSet, channel: number): EntryDetails {
  const text = channels.records.open(channels.face[channel] as number).text("details")
  return text === "" ? {} : (JSON.parse(text) as EntryDetails)
}

/** The face's logo, of the record that is open: an address, or the place of one of ours. */
function writeLogo(channels: ChannelSet, channel: number, out: ByteWriter): void {
  const { records } = channels
  if (!records.isEmpty("logo")) {
    out.ascii(`"${logoTemplate(String(channels.id[channel]))}"`)
    return
  }
  const logo = findAttribute(records, logoNeedle)
  if (logo === null) out.ascii('""')
  else out.json(records.bytes, logo.start, logo.end)
}
