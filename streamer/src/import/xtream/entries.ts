import type { Entry, EntryDetails, EntryKind, Locator } from "@tributary/shared/catalogue/entry"
import {
  countOf,
  extensionOf,
  type Fields,
  fieldsOf,
  firstText,
  flagOf,
  idOf,
  textOf,
  textsOf,
} from "./fields.ts"

/** Category id -> name. */
export type Categories = ReadonlyMap<string, string>

/** How one kind's list is asked for and read. */
export interface Section {
  kind: Extract<EntryKind, "live" | "movie" | "series">
  categories: string
  list: string
  /** For people. */
  word: string
  /** null for an element that is none of these. */
  entry: (element: unknown, categories: Categories) => Entry | null
}

export const sections: readonly Section[] = [
  {
    kind: "live",
    categories: "get_live_categories",
    list: "get_live_streams",
    word: "channels",
    entry: liveEntry,
  },
  {
    kind: "movie",
    categories: "get_vod_categories",
    list: "get_vod_streams",
    word: "movies",
    entry: movieEntry,
  },
  {
    kind: "series",
    categories: "get_series_categories",
    list: "get_series",
    word: "series",
    entry: seriesEntry,
  },
]

function liveEntry(element: unknown, categories: Categories): Entry | null {
  const fields = fieldsOf(element)
  const streamId = idOf(fields?.stream_id)
  if (fields === null || streamId === null) return null
  const name = firstText(fields.name, `Channel ${streamId}`)
  const days = flagOf(fields.tv_archive) ? countOf(fields.tv_archive_duration) : null
  const details = commonDetails(fields)
  if (days !== null) details.catchup = { days, kind: "xc" }
  const description = described("live", name, fields, categories)
  if (textOf(fields.stream_type) === "radio_streams") description.attributes.push(["radio", "true"])
  return {
    ...description,
    locator: { kind: "xtream", streamId, extension: "ts" },
    ...withDetails(details),
  }
}

function movieEntry(element: unknown, categories: Categories): Entry | null {
  const fields = fieldsOf(element)
  const streamId = idOf(fields?.stream_id)
  if (fields === null || streamId === null) return null
  const extension = extensionOf(fields.container_extension, "mp4")
  const locator: Locator = { kind: "xtream", type: "movie", streamId, extension }
  const name = firstText(fields.name, fields.title, `Movie ${streamId}`)
  return { ...described("movie", name, fields, categories), locator, ...withDetails(titleDetails(fields)) }
}

function seriesEntry(element: unknown, categories: Categories): Entry | null {
  const fields = fieldsOf(element)
  const streamId = idOf(fields?.series_id)
  if (fields === null || streamId === null) return null
  const locator: Locator = { kind: "xtream", type: "series", streamId, extension: "" }
  const name = firstText(fields.name, fields.title, `Series ${streamId}`)
  return { ...described("series", name, fields, categories), locator, ...withDetails(titleDetails(fields)) }
}

/** What an entry of any kind has, in the order in which a playlist shows it. */
function described(kind: EntryKind, name: string, fields: Fields, categories: Categories) {
  const groups = groupsOf(fields, categories)
  const attributes: [string, string][] = [
    ["tvg-id", textOf(fields.epg_channel_id)],
    ["tvg-name", name],
    ["tvg-logo", firstText(fields.stream_icon, fields.cover)],
    ["group-title", groups.join(";")],
  ]
  return { kind, name, attributes, groups }
}

/** Newer panels name several categories; where none of these is known, the one of older panels counts. */
function groupsOf(fields: Fields, categories: Categories): string[] {
  const named = (value: unknown) => textsOf(value).flatMap((id) => categories.get(id) || [])
  const groups = named(fields.category_ids)
  return groups.length > 0 ? [...new Set(groups)] : named(fields.category_id)
}

const webAddress = /^https?:\/\//i

function titleDetails(fields: Fields): EntryDetails {
  const details = commonDetails(fields)
  const add = (name: TextDetail, text: string) => {
    if (text !== "") details[name] = text
  }
  const rating = textOf(fields.rating)
  // 0 stands for none.
  add("rating", Number(rating) === 0 ? "" : rating)
  add("releaseDate", firstText(fields.release_date, fields.releaseDate, fields.releasedate, fields.year))
  add("plot", firstText(fields.plot, fields.description))
  add("cast", firstText(fields.cast, fields.actors))
  add("director", textOf(fields.director))
  add("genre", textOf(fields.genre))
  add("backdrop", textsOf(fields.backdrop_path).find((text) => webAddress.test(text)) ?? "")
  add("trailer", firstText(fields.youtube_trailer, fields.trailer))
  add("episodeMinutes", String(countOf(fields.episode_run_time) ?? ""))
  return details
}

type TextDetail = Exclude<keyof EntryDetails, "catchup" | "isAdult">

function commonDetails(fields: Fields): EntryDetails {
  const details: EntryDetails = {}
  const added = firstText(fields.added, fields.last_modified)
  if (/^[1-9]\d*$/.test(added)) details.added = added
  if (flagOf(fields.is_adult)) details.isAdult = true
  return details
}

function withDetails(details: EntryDetails): { details?: EntryDetails } {
  for (const _ in details) return { details }
  return {}
}
