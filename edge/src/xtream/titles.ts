import type { Authentication } from "../admission/authenticate.ts"
import type { Edge } from "../edge.ts"
import { allowedChannel } from "./allowed-channel.ts"
import { movieDetails, seriesDetails } from "./fetch-details.ts"
import { movieInfo } from "./movie-info.ts"
import type { Parameters } from "./parameters.ts"
import { seriesInfo, unknownSeries } from "./series-info.ts"

type Allowed = Extract<Authentication, { ok: true }>

/** `get_vod_info`: a movie in detail; as panels do, an unknown one is answered with nothing. */
export async function movie(edge: Edge, who: Allowed, given: Parameters, now: number): Promise<unknown> {
  const found = await allowedChannel(edge, who, given.vod_id, now)
  if (found?.channel.kind !== "movie") return { info: [], movie_data: [] }
  return movieInfo(found, await movieDetails(edge, found.id), edge.config.BASE_URL)
}

/** `get_series_info`: a series with its seasons and episodes. */
export async function series(edge: Edge, who: Allowed, given: Parameters, now: number): Promise<unknown> {
  const found = await allowedChannel(edge, who, given.series_id ?? given.series, now)
  if (found?.channel.kind !== "series") return unknownSeries
  return seriesInfo(found, await seriesDetails(edge, found.id), edge.config.BASE_URL)
}
