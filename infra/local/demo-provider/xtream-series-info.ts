import { type DemoEpisode, type DemoSeries, seriesOf } from "./titles.ts"
import { clock, icon, seriesFields } from "./xtream-vod.ts"

const added = "1740562532"

/** `get_series_info`; a series that does not exist has empty lists for all its maps. */
export function seriesInfo(baseUrl: string, id: number, seconds: number) {
  const series = seriesOf(id)
  if (series === undefined) return { seasons: [], info: [], episodes: [] }
  const numbers = [...new Set(series.episodes.map(({ season }) => season))]
  const episodesOf = (season: number) =>
    series.episodes
      .filter((episode) => episode.season === season)
      .map((episode) => episodeAnswer(series, episode, baseUrl, seconds))
  // PHP encodes a map whose keys are 0, 1, … as a list. Such a series has no description of its seasons here.
  const isList = numbers.every((number, index) => number === index)
  return {
    seasons: isList ? [] : numbers.map((season) => seasonAnswer(series, season, baseUrl)),
    info: { ...seriesFields(series, baseUrl), series_id: id },
    episodes: isList
      ? numbers.map(episodesOf)
      : Object.fromEntries(numbers.map((number) => [String(number), episodesOf(number)])),
  }
}

function seasonAnswer({ id, year, episodes }: DemoSeries, season: number, baseUrl: string) {
  const image = icon(baseUrl, id)
  return {
    air_date: `${year}-01-01`,
    episode_count: episodes.filter((episode) => episode.season === season).length,
    id: id * 10 + season,
    name: `Season ${season}`,
    overview: "",
    season_number: season,
    vote_average: 0,
    cover: image,
    cover_big: image,
  }
}

/** The last episode of a series is one that the panel knows nothing of: its `info` is an empty list. */
function episodeAnswer(series: DemoSeries, episode: DemoEpisode, baseUrl: string, seconds: number) {
  const { season, number } = episode
  const image = icon(baseUrl, series.id)
  const info = {
    release_date: `${series.year}-01-0${number}`,
    plot: series.plot,
    duration_secs: seconds,
    duration: clock(seconds),
    movie_image: image,
    bitrate: 950,
    rating: 7,
    season,
    cover_big: image,
  }
  return {
    id: String(episode.id),
    episode_num: season === 0 ? number : String(number),
    title: `${series.name} - S0${season}E0${number}`,
    container_extension: episode.extension,
    info: episode === series.episodes.at(-1) ? [] : info,
    subtitles: [],
    custom_sid: "",
    added,
    season,
    direct_source: "",
  }
}
