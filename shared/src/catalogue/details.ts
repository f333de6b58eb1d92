import * as z from "zod"
import type { Locator } from "./entry.ts"

const text = z.string().min(1).optional()
const count = z.number().int().positive().optional()

/** What a panel says of a movie or a series; what it does not know is left out. */
const titleFields = {
  /** Unix milliseconds. */
  fetchedAt: z.number(),
  /** Whose panel said it. */
  source: z.string(),
  /** As the panel names it here, which may differ from its list; "" when it does not. */
  name: z.string(),
  originalName: text,
  plot: text,
  cast: text,
  director: text,
  genre: text,
  country: text,
  /** 0 to 10, as the panel wrote it. */
  rating: text,
  /** `PG-13` and the like. */
  ageRating: text,
  /** `YYYY-MM-DD`, or a year, as the panel wrote it. */
  releaseDate: text,
  /** A YouTube id or an address. */
  trailer: text,
  tmdbId: text,
  durationSeconds: count,
  /** Addresses of pictures; none of them is on the provider's own server. */
  picture: text,
  backdrops: z.array(z.string()),
}

/** Details of a movie, as they are stored and served. */
export const movieDetailsSchema = z.object({
  kind: z.literal("movie"),
  ...titleFields,
  /** Of the file: `mp4`, `mkv`. */
  extension: text,
  /** Unix seconds. */
  added: text,
  /** kbit/s. */
  bitrate: count,
})
export type MovieDetails = z.output<typeof movieDetailsSchema>

const seasonSchema = z.object({
  /** 0: specials. */
  number: z.number().int().nonnegative(),
  name: z.string(),
  overview: text,
  airDate: text,
  /** As the panel says; `episodes` may hold fewer. */
  episodeCount: count,
  picture: text,
})
export type Season = z.output<typeof seasonSchema>

const episodeSchema = z.object({
  /** Ours: nine or ten digits, the same whenever the details are fetched; `keys.episode` says where it is. */
  id: z.string(),
  season: z.number().int().nonnegative(),
  number: z.number().int().nonnegative(),
  title: z.string(),
  extension: z.string(),
  plot: text,
  releaseDate: text,
  rating: text,
  durationSeconds: count,
  bitrate: count,
  /** Unix seconds. */
  added: text,
  picture: text,
})
export type Episode = z.output<typeof episodeSchema>

/** Details of a series, as they are stored and served. */
export const seriesDetailsSchema = z.object({
  kind: z.literal("series"),
  ...titleFields,
  /** Unix seconds. */
  lastModified: text,
  /** By number; every episode's season is among them. */
  seasons: z.array(seasonSchema),
  /** By season, then number. */
  episodes: z.array(episodeSchema),
})
export type SeriesDetails = z.output<typeof seriesDetailsSchema>

export type TitleDetails = MovieDetails | SeriesDetails
export type TitleKind = TitleDetails["kind"]

/** Where an episode is (`keys.episode`). */
export interface EpisodeRecord {
  source: string
  /** Channel id of its series. */
  series: string
  name: string
  locator: Locator
}
