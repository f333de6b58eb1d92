import type { Episode, MovieDetails, Season, SeriesDetails } from "@tributary/shared/catalogue/details"
import { z } from "zod"
import { namesProvider, type Provider } from "../import/catalogue/url-template.ts"
import { countOf, extensionOf, fieldsOf, firstText, idOf, textOf, textsOf } from "../import/xtream/fields.ts"
import { type FoundEpisode, findEpisodes } from "./find-episodes.ts"

/** A movie's details without what only the asker knows. */
export type MovieFacts = Omit<MovieDetails, "fetchedAt" | "source">

/** A series' details, its episodes with the panel's ids instead of ours. */
export type SeriesFacts = Omit<SeriesDetails, "fetchedAt" | "source" | "episodes"> & {
  episodes: PanelEpisode[]
}
export type PanelEpisode = Omit<Episode, "id"> & { panelId: string }

// Panels send a list, null or false for a map without fields.
const fields = z.preprocess((value) => fieldsOf(value) ?? {}, z.record(z.string(), z.unknown()))
const movieSchema = z.object({ info: fields.optional(), movie_data: fields.optional() })
const seriesSchema = z.object({
  info: fields.optional(),
  seasons: z.unknown().optional(),
  episodes: z.unknown().optional(),
})

/** Reads the answer to `get_vod_info`; null when the panel knows no such movie. */
export function movieFacts(answer: unknown, provider: Provider): MovieFacts | null {
  const parsed = movieSchema.safeParse(answer)
  const { info = {}, movie_data: file = {} } = parsed.data ?? {}
  if (Object.keys(info).length === 0 && Object.keys(file).length === 0) return null
  const added = firstText(file.added, info.added)
  return {
    kind: "movie",
    ...titleFacts({ ...info, name: firstText(info.name, file.name, file.title) }, provider),
    ...known({ extension: extensionOf(file.container_extension, ""), added: unixSeconds(added) }),
    ...positive({ bitrate: countOf(info.bitrate) }),
  }
}

/** Reads the answer to `get_series_info`; null when the panel knows no such series. */
export function seriesFacts(answer: unknown, provider: Provider): SeriesFacts | null {
  const parsed = seriesSchema.safeParse(answer)
  const { info = {}, seasons: listed, episodes: found } = parsed.data ?? {}
  const episodes = findEpisodes(found).map((one) => episodeFacts(one, provider))
  if (Object.keys(info).length === 0 && episodes.length === 0) return null
  return {
    kind: "series",
    ...titleFacts(info, provider),
    ...known({ lastModified: unixSeconds(textOf(info.last_modified)) }),
    seasons: seasonsOf(listed, episodes, provider),
    episodes,
  }
}

type Fields = Record<string, unknown>

function titleFacts(info: Fields, provider: Provider) {
  const rating = textOf(info.rating)
  const trailer = firstText(info.youtube_trailer, info.trailer)
  return {
    name: firstText(info.name, info.title, info.o_name),
    ...known({
      originalName: textOf(info.o_name),
      plot: firstText(info.plot, info.description),
      cast: firstText(info.cast, info.actors),
      director: textOf(info.director),
      genre: textOf(info.genre),
      country: textOf(info.country),
      rating: Number(rating) === 0 ? "" : rating,
      ageRating: firstText(info.mpaa_rating, info.age),
      releaseDate: firstText(info.release_date, info.releaseDate, info.releasedate, info.year),
      trailer: namesProvider(trailer, provider) ? "" : trailer,
      tmdbId: String(countOf(info.tmdb_id) ?? countOf(info.tmdb) ?? ""),
      picture: pictureOf(provider, info.cover_big, info.movie_image, info.cover),
    }),
    ...positive({ durationSeconds: durationOf(info) }),
    backdrops: textsOf(info.backdrop_path).filter((address) => isShown(address, provider)),
  }
}

function episodeFacts({ fields, season, number, panelId }: FoundEpisode, provider: Provider): PanelEpisode {
  const info = fieldsOf(fields.info) ?? {}
  const rating = textOf(info.rating)
  return {
    panelId,
    season,
    number,
    title: firstText(fields.title, fields.name, info.name, info.title, `Episode ${number}`),
    extension: extensionOf(fields.container_extension, "mp4"),
    ...known({
      plot: firstText(info.plot, info.overview, info.description),
      releaseDate: firstText(info.release_date, info.releasedate, info.air_date),
      rating: Number(rating) === 0 ? "" : rating,
      added: unixSeconds(textOf(fields.added)),
      picture: pictureOf(provider, info.cover_big, info.movie_image),
    }),
    ...positive({ durationSeconds: durationOf(info), bitrate: countOf(info.bitrate) }),
  }
}

/** The seasons that the panel describes, and those that it does not but has episodes of. */
function seasonsOf(listed: unknown, episodes: readonly PanelEpisode[], provider: Provider): Season[] {
  const seasons = new Map<number, Season>()
  for (const { season } of episodes) seasons.set(season, { number: season, name: `Season ${season}` })
  for (const element of Object.values(fieldsOf(listed) ?? (Array.isArray(listed) ? listed : []))) {
    const fields = fieldsOf(element) ?? {}
    const number = Number(idOf(fields.season_number) ?? Number.NaN)
    if (!Number.isSafeInteger(number) || number < 0) continue
    seasons.set(number, {
      number,
      name: firstText(fields.name, `Season ${number}`),
      ...known({
        overview: textOf(fields.overview),
        airDate: textOf(fields.air_date),
        picture: pictureOf(provider, fields.cover_big, fields.cover),
      }),
      ...positive({ episodeCount: countOf(fields.episode_count) }),
    })
  }
  return [...seasons.values()].sort((a, b) => a.number - b.number)
}

/** Seconds, `01:30:00`, or minutes: whichever the panel gives. */
function durationOf(info: Fields): number | null {
  const seconds = countOf(info.duration_secs)
  if (seconds !== null) return seconds
  const [, hours, minutes, rest] = /^(\d{1,3}):(\d\d):(\d\d)$/.exec(textOf(info.duration)) ?? []
  const clock = Number(hours) * 3600 + Number(minutes) * 60 + Number(rest)
  if (clock > 0) return clock
  const runTime = countOf(info.episode_run_time)
  return runTime === null ? null : runTime * 60
}

function pictureOf(provider: Provider, ...addresses: unknown[]): string {
  return addresses.map(textOf).find((address) => isShown(address, provider)) ?? ""
}

/** Whether players may be given this address: of the web, and not on the provider's own server. */
function isShown(address: string, provider: Provider): boolean {
  return /^https?:\/\//i.test(address) && URL.canParse(address) && !namesProvider(address, provider)
}

function unixSeconds(text: string): string {
  return /^[1-9]\d*$/.test(text) ? text : ""
}

function known<Name extends string>(texts: Record<Name, string>): { [name in Name]?: string } {
  return Object.fromEntries(Object.entries(texts).filter(([, text]) => text !== "")) as {
    [name in Name]?: string
  }
}

function positive<Name extends string>(counts: Record<Name, number | null>): { [name in Name]?: number } {
  const there = Object.entries(counts).filter(([, count]) => count !== null)
  return Object.fromEntries(there) as { [name in Name]?: number }
}
