import { demoMovie } from "./channels.ts"

/** What every account may watch beside the channels. All of it is one film; `.mp4` and `.mkv` hold the same. */
export type DemoMovie = {
  id: number
  name: string
  year: string
  plot: string
  genre: string
  extension: "mp4" | "mkv"
  /** Ids of `movieCategoryNames`. */
  categories: string[]
  /** false: the panel has nothing but the file, as for films that it could not find in a database. */
  isDescribed: boolean
  /** Its MP4 has its index at its end, so that players ask for that first. */
  isIndexedLate?: true
}

export type DemoEpisode = { id: number; season: number; number: number; extension: "mp4" | "mkv" }
export type DemoSeries = {
  id: number
  name: string
  year: string
  plot: string
  genre: string
  category: string
  /** Each in its season's order. Seasons that count from 0 are a list in JSON, because PHP makes it one. */
  episodes: DemoEpisode[]
}

export const movieCategoryNames: Record<string, string> = {
  "50": "Movies on demand",
  "51": "Classics & Rarities",
}
export const seriesCategoryNames: Record<string, string> = { "60": "Series", "61": "Documentary Series" }

export const demoMovies: DemoMovie[] = [
  {
    ...{ id: demoMovie.id, name: demoMovie.name, year: demoMovie.year, plot: demoMovie.plot },
    ...{ genre: "Documentary", extension: "mp4", categories: ["50"], isDescribed: true },
  },
  {
    ...{ id: 9002, name: "Delta: Blues, Reds & Greens", year: "2024", plot: "Three colours, one bar chart." },
    ...{ genre: "Drama, Music", extension: "mkv", categories: ["50", "51"], isDescribed: true },
  },
  {
    ...{ id: 9003, name: "Oxbow 247", year: "1987", plot: "" },
    ...{ genre: "", extension: "mp4", categories: ["51"], isDescribed: false, isIndexedLate: true },
  },
  {
    ...{ id: 9004, name: "Überlauf – Le débordement", year: "2019", plot: 'They said "it will hold".' },
    ...{ genre: "Thriller", extension: "mp4", categories: ["50"], isDescribed: true },
  },
]

export const demoSeries: DemoSeries[] = [
  {
    ...{
      id: 9100,
      name: "Confluence",
      year: "2026",
      plot: "Two streams meet.",
      genre: "Documentary",
      category: "60",
    },
    episodes: [
      { id: 9101, season: 1, number: 1, extension: "mp4" },
      { id: 9102, season: 1, number: 2, extension: "mkv" },
      { id: 9103, season: 2, number: 1, extension: "mp4" },
    ],
  },
  {
    ...{
      id: 9200,
      name: "Headwaters",
      year: "2022",
      plot: "Where it all begins.",
      genre: "Nature",
      category: "61",
    },
    episodes: [
      { id: 9201, season: 0, number: 1, extension: "mp4" },
      { id: 9202, season: 1, number: 1, extension: "mp4" },
      { id: 9203, season: 1, number: 2, extension: "mkv" },
    ],
  },
]

export const movieOf = (id: number) => demoMovies.find((movie) => movie.id === id)
export const seriesOf = (id: number) => demoSeries.find((series) => series.id === id)

/** Whether there is a file of this kind and id. */
export function hasFile(kind: "movie" | "series", id: number): boolean {
  if (kind === "movie") return movieOf(id) !== undefined
  return demoSeries.some(({ episodes }) => episodes.some((episode) => episode.id === id))
}

/** The name behind a picture's id. */
export function titleOf(id: number): string {
  return movieOf(id)?.name ?? seriesOf(id)?.name ?? demoMovie.name
}

/** `Confluence S01 E02`, as panels name episodes in playlists. */
export function episodeName(series: DemoSeries, { season, number }: DemoEpisode): string {
  const two = (count: number) => String(count).padStart(2, "0")
  return `${series.name} S${two(season)} E${two(number)}`
}
