import { categoryId } from "@tributary/shared/catalogue/category-id"
import type { Episode, SeriesDetails } from "@tributary/shared/catalogue/details"
import type { FoundChannel } from "../snapshot/snapshot-reader.ts"
import { clock, numberOr, titleInfo } from "./title-info.ts"

/** The answer to `get_series_info`; `base` is where our logos are. Without details it has no episodes. */
export function seriesInfo(found: FoundChannel, details: SeriesDetails | null, base: string): unknown {
  const { picture, info } = titleInfo(found, details, base)
  const categories = found.channel.groups.map(categoryId)
  return {
    seasons: (details?.seasons ?? []).map((season) => ({
      id: season.number,
      season_number: season.number,
      name: season.name,
      overview: season.overview ?? "",
      air_date: season.airDate ?? "",
      episode_count: season.episodeCount ?? 0,
      vote_average: 0,
      cover: season.picture ?? "",
      cover_big: season.picture ?? "",
    })),
    info: {
      ...info,
      cover: picture,
      releaseDate: info.release_date,
      last_modified: details?.lastModified ?? "0",
      rating: details?.rating ?? "0",
      rating_5based: numberOr(details?.rating, 0) / 2,
      episode_run_time: String(Math.round((details?.durationSeconds ?? 0) / 60)),
      category_id: categories[0] ?? "0",
      category_ids: categories.map(Number),
      series_id: Number(found.id),
    },
    episodes: bySeason(details?.episodes ?? []),
  }
}

/** What panels say of a series that they do not have. */
export const unknownSeries = {
  seasons: [],
  info: {
    ...{ name: null, title: null, year: null, cover: null, plot: null, cast: null, director: null },
    ...{ genre: null, release_date: null, releaseDate: null, last_modified: null, rating: "0" },
    ...{ rating_5based: 0, backdrop_path: [], youtube_trailer: null, episode_run_time: "0" },
    ...{ category_id: null, category_ids: [] },
  },
  episodes: [],
}

function bySeason(episodes: readonly Episode[]): Record<string, unknown[]> {
  const seasons: Record<string, unknown[]> = {}
  for (const episode of episodes) {
    const season = String(episode.season)
    seasons[season] ??= []
    seasons[season].push(episodeRow(episode))
  }
  return seasons
}

function episodeRow(episode: Episode): unknown {
  const picture = episode.picture ?? ""
  const durationSeconds = episode.durationSeconds ?? 0
  return {
    id: episode.id,
    episode_num: String(episode.number),
    title: episode.title,
    container_extension: episode.extension,
    info: {
      plot: episode.plot ?? "",
      release_date: episode.releaseDate ?? "",
      duration_secs: durationSeconds,
      duration: clock(durationSeconds),
      movie_image: picture,
      cover_big: picture,
      bitrate: episode.bitrate ?? 0,
      rating: numberOr(episode.rating, 0),
      season: episode.season,
    },
    subtitles: [],
    custom_sid: "",
    added: episode.added ?? "0",
    season: episode.season,
    direct_source: "",
  }
}
