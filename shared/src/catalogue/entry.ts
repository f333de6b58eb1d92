/** Where a feed's stream is, without credentials: the streamer fills those of the leased profile. */
export type Locator =
  /** `type` is left out for live streams; a series' `streamId` is its `series_id`, without an extension. */
  | { kind: "xtream"; type?: "movie" | "series"; streamId: string; extension: string }
  /** `{username}`, `{password}` and `{server}` stand for the profile's own. */
  | { kind: "url"; template: string }

/**
 * What an entry is, told by its Xtream list or by the shape of its address (`/movie/`, `/series/`), never by
 * its name. A series is a title whose episodes are asked for on demand; an episode is one file of a list.
 */
export type EntryKind = "live" | "movie" | "series" | "episode"
export const entryKinds = ["live", "movie", "series", "episode"] as const satisfies readonly EntryKind[]

/** What a source says of an entry beyond its name; what is unknown is left out. */
export interface EntryDetails {
  /**
   * Catch-up: days kept, the kind as in `catchup="…"`, a template of `catchup-source`, and the hours of
   * `catchup-correction`, by which earlier times are to be asked for.
   */
  catchup?: { days: number; kind: string; source?: string; correctionHours?: number }
  /** Unix seconds when the source added it, as the source wrote it. */
  added?: string
  rating?: string
  /** `YYYY-MM-DD`, or a year, as the source wrote it. */
  releaseDate?: string
  plot?: string
  cast?: string
  director?: string
  genre?: string
  /** Address of a picture wider than the logo, when it does not name the provider. */
  backdrop?: string
  trailer?: string
  /** Minutes of an episode. */
  episodeMinutes?: string
  isAdult?: boolean
}

/** One source's version of a channel, movie or series, as the importer keeps it. */
export interface Entry {
  kind: EntryKind
  /** Display name, as the source wrote it. */
  name: string
  /** Attributes in the source's order, unknown ones included. */
  attributes: [name: string, value: string][]
  groups: string[]
  locator: Locator
  /** Headers the entry asks to be sent upstream (`#EXTVLCOPT`, `#KODIPROP`, `url|Header=value`). */
  headers?: Record<string, string>
  /** URL template of a logo on the provider's own server: it is served by us, at `/logo/{channel}`. */
  logo?: string
  details?: EntryDetails
}

/** A feed in the index: an entry's way to its stream, and whose it is. */
export interface Feed {
  /** Stable across imports: a hash of source and locator. */
  id: string
  source: string
  locator: Locator
  headers?: Record<string, string>
  catchup?: EntryDetails["catchup"]
}

/** What the index says of a channel, movie, series or episode: enough to admit a viewer and to open it. */
export interface IndexedChannel {
  /** Left out: live. */
  kind?: Exclude<EntryKind, "live">
  name: string
  groups: string[]
  /** In failover order. */
  feeds: Feed[]
  /** A logo that only a streamer may fetch. */
  logo?: { source: string; template: string }
  /** Where the snapshot has this channel's programmes. */
  guide?: GuideLocation
}

/** A gzip stream in a pack: `[pack number, offset, length]`. It unpacks to JSON: `GuideProgramme[]`. */
export type GuideLocation = [pack: number, offset: number, length: number]

/** One programme as players of Xtream lists are told of it, in the order of their starts. */
export interface GuideProgramme {
  /** Unix seconds. */
  start: number
  stop: number
  title: string
  description: string
  /** `xx`, or empty. */
  language: string
}
