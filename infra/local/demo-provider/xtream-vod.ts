import {
  type DemoMovie,
  type DemoSeries,
  demoMovies,
  demoSeries,
  movieCategoryNames,
  movieOf,
  seriesCategoryNames,
} from "./titles.ts"

// Types are mixed as panels mix them: within a list some elements have numbers where others have strings, and
// null, an empty text or an empty list for nothing.

const added = "1740562532"
export const clock = (seconds: number) => new Date(seconds * 1000).toISOString().slice(11, 19)
export const icon = (baseUrl: string, id: number) => `${baseUrl}/logo/${id}.svg`
export const credits = { cast: "Test Pattern, Sine Tone", director: "F. F. Mpeg" }

const categoryList = (names: Record<string, string>) =>
  Object.entries(names).map(([category_id, category_name]) => ({ category_id, category_name, parent_id: 0 }))
export const movieCategories = () => categoryList(movieCategoryNames)
export const seriesCategories = () => categoryList(seriesCategoryNames)

export function movies(baseUrl: string, categoryId: string | null) {
  return demoMovies
    .filter(({ categories }) => categoryId === null || categories.includes(categoryId))
    .map((movie, index) => ({ num: index + 1, ...listedMovie(movie, baseUrl) }))
}

function listedMovie(movie: DemoMovie, baseUrl: string) {
  const { id, name, year, categories, extension } = movie
  const file = {
    name: `${name} (${year})`,
    title: name,
    year,
    stream_type: "movie",
    stream_icon: icon(baseUrl, id),
    added,
    category_id: categories[0] ?? "",
    category_ids: categories.map(Number),
    container_extension: extension,
    custom_sid: "",
    direct_source: "",
  }
  if (!movie.isDescribed)
    return { stream_id: String(id), ...file, rating: "0", rating_5based: 0, plot: null, genre: null }
  return {
    stream_id: id,
    ...file,
    rating: 7.5,
    rating_5based: 3.8,
    plot: movie.plot,
    ...credits,
    genre: movie.genre,
    release_date: `${year}-01-01`,
    youtube_trailer: "",
    episode_run_time: 2,
  }
}

/** An id that does not exist gets an empty `info` list, as panels (PHP) encode an empty map. */
export function movieInfo(baseUrl: string, id: number, seconds: number) {
  const movie = movieOf(id)
  if (movie === undefined) return { info: [] }
  const { name, year, categories, extension } = movie
  const movie_data = {
    stream_id: id,
    name: `${name} (${year})`,
    title: name,
    year,
    added,
    category_id: categories[0] ?? "",
    category_ids: categories.map(Number),
    container_extension: extension,
    custom_sid: "",
    direct_source: "",
  }
  return { info: movie.isDescribed ? describedMovie(movie, baseUrl, seconds) : [], movie_data }
}

function describedMovie({ id, name, year, plot, genre }: DemoMovie, baseUrl: string, seconds: number) {
  const image = icon(baseUrl, id)
  return {
    tmdb_id: 0,
    name,
    o_name: name,
    cover_big: image,
    movie_image: image,
    release_date: `${year}-01-01`,
    episode_run_time: 2,
    youtube_trailer: "",
    ...credits,
    genre,
    actors: credits.cast,
    description: plot,
    plot,
    country: "",
    backdrop_path: [image],
    duration_secs: seconds,
    duration: clock(seconds),
    bitrate: 950,
    rating: 7.5,
    releasedate: `${year}-01-01`,
    subtitles: [],
  }
}

export function seriesFields({ id, name, year, plot, genre, category }: DemoSeries, baseUrl: string) {
  const image = icon(baseUrl, id)
  return {
    name: `${name} (${year})`,
    title: name,
    year,
    cover: image,
    plot,
    ...credits,
    genre,
    release_date: `${year}-01-01`,
    releaseDate: `${year}-01-01`,
    last_modified: added,
    rating: "7",
    rating_5based: 3.5,
    backdrop_path: [image],
    youtube_trailer: "",
    episode_run_time: "2",
    category_id: category,
    category_ids: [Number(category)],
  }
}

export function series(baseUrl: string, categoryId: string | null) {
  return demoSeries
    .filter(({ category }) => categoryId === null || category === categoryId)
    .map((one, index) => ({
      num: index + 1,
      stream_type: "series",
      series_id: one.id,
      ...seriesFields(one, baseUrl),
    }))
}
