import { demoMovie, demoSeries } from "./channels.ts"

const added = "1740562532"
const movieCategory = "50"
const seriesCategory = "60"
const clock = (seconds: number) => new Date(seconds * 1000).toISOString().slice(11, 19)
const icon = (baseUrl: string, id: number) => `${baseUrl}/logo/${id}.svg`

export const movieCategories = () => [
  { category_id: movieCategory, category_name: "Movies on demand", parent_id: 0 },
]
export const seriesCategories = () => [{ category_id: seriesCategory, category_name: "Series", parent_id: 0 }]

const credits = { cast: "Test Pattern, Sine Tone", director: "F. F. Mpeg", genre: "Documentary" }

export function movies(baseUrl: string, categoryId: string | null) {
  if (categoryId !== null && categoryId !== movieCategory) return []
  return [
    {
      num: 1,
      name: `${demoMovie.name} (${demoMovie.year})`,
      title: demoMovie.name,
      year: demoMovie.year,
      stream_type: "movie",
      stream_id: demoMovie.id,
      stream_icon: icon(baseUrl, demoMovie.id),
      rating: 7.5,
      rating_5based: 3.8,
      added,
      plot: demoMovie.plot,
      ...credits,
      release_date: `${demoMovie.year}-01-01`,
      youtube_trailer: "",
      episode_run_time: 2,
      category_id: movieCategory,
      category_ids: [Number(movieCategory)],
      container_extension: "mp4",
      custom_sid: "",
      direct_source: "",
    },
  ]
}

/** An id that does not exist gets an empty `info` list, as panels (PHP) encode an empty map. */
export function movieInfo(baseUrl: string, id: number, seconds: number) {
  if (id !== demoMovie.id) return { info: [] }
  const image = icon(baseUrl, demoMovie.id)
  return {
    info: {
      tmdb_id: 0,
      name: demoMovie.name,
      o_name: demoMovie.name,
      cover_big: image,
      movie_image: image,
      release_date: `${demoMovie.year}-01-01`,
      episode_run_time: 2,
      youtube_trailer: "",
      ...credits,
      actors: credits.cast,
      description: demoMovie.plot,
      plot: demoMovie.plot,
      country: "",
      backdrop_path: [image],
      duration_secs: seconds,
      duration: clock(seconds),
      bitrate: 950,
      rating: 7.5,
      releasedate: `${demoMovie.year}-01-01`,
      subtitles: [],
    },
    movie_data: {
      stream_id: demoMovie.id,
      name: `${demoMovie.name} (${demoMovie.year})`,
      title: demoMovie.name,
      year: demoMovie.year,
      added,
      category_id: movieCategory,
      category_ids: [Number(movieCategory)],
      container_extension: "mp4",
      custom_sid: "",
      direct_source: "",
    },
  }
}

function seriesFields(baseUrl: string) {
  const image = icon(baseUrl, demoSeries.id)
  return {
    name: `${demoSeries.name} (${demoSeries.year})`,
    title: demoSeries.name,
    year: demoSeries.year,
    cover: image,
    plot: "Two streams meet.",
    ...credits,
    release_date: `${demoSeries.year}-01-01`,
    releaseDate: `${demoSeries.year}-01-01`,
    last_modified: added,
    rating: "7",
    rating_5based: 3.5,
    backdrop_path: [image],
    youtube_trailer: "",
    episode_run_time: "2",
    category_id: seriesCategory,
    category_ids: [Number(seriesCategory)],
  }
}

export function series(baseUrl: string, categoryId: string | null) {
  if (categoryId !== null && categoryId !== seriesCategory) return []
  return [{ num: 1, stream_type: "series", series_id: demoSeries.id, ...seriesFields(baseUrl) }]
}

export function seriesInfo(baseUrl: string, id: number, seconds: number) {
  if (id !== demoSeries.id) return { seasons: [], info: [], episodes: [] }
  const image = icon(baseUrl, demoSeries.id)
  const seasonOf = (index: number) => (index < 2 ? 1 : 2)
  const episodes = demoSeries.episodeIds.map((episodeId, index) => {
    const season = seasonOf(index)
    const number = index < 2 ? index + 1 : index - 1
    return {
      id: String(episodeId),
      episode_num: String(number),
      title: `${demoSeries.name} - S0${season}E0${number}`,
      container_extension: index === 1 ? "mkv" : "mp4",
      info: {
        release_date: `${demoSeries.year}-01-0${index + 1}`,
        plot: "Two streams meet.",
        duration_secs: seconds,
        duration: clock(seconds),
        movie_image: image,
        bitrate: 950,
        rating: 7,
        season,
        cover_big: image,
      },
      subtitles: [],
      custom_sid: "",
      added,
      season,
      direct_source: "",
    }
  })
  const seasons = [1, 2].map((season) => ({
    air_date: `${demoSeries.year}-01-01`,
    episode_count: episodes.filter((episode) => episode.season === season).length,
    id: demoSeries.id * 10 + season,
    name: `Season ${season}`,
    overview: "",
    season_number: season,
    vote_average: 0,
    cover: image,
    cover_big: image,
  }))
  return {
    seasons,
    info: { ...seriesFields(baseUrl), series_id: demoSeries.id },
    episodes: Object.fromEntries(
      seasons.map(({ season_number }) => [
        String(season_number),
        episodes.filter((episode) => episode.season === season_number),
      ]),
    ),
  }
}
