import {
  type MovieDetails,
  movieDetailsSchema,
  type SeriesDetails,
  seriesDetailsSchema,
} from "@tributary/shared/catalogue/details"
import { log } from "@tributary/shared/log/log"
import { tierAuthorization } from "@tributary/shared/secrets/tier-token"
import type * as z from "zod"
import type { Edge } from "../edge.ts"
import { chooseStreamer } from "../fleet/choose-streamer.ts"

const logger = log("edge", "xtream")

// The streamer may have to ask a slow panel; players give up soon after.
const timeoutMilliseconds = 12_000

/** What is known of a movie; null when nobody can say it right now. */
export const movieDetails = (edge: Edge, channel: string): Promise<MovieDetails | null> =>
  details(edge, "movie", channel, movieDetailsSchema)

/** What is known of a series, its episodes above all; null when nobody can say it right now. */
export const seriesDetails = (edge: Edge, channel: string): Promise<SeriesDetails | null> =>
  details(edge, "series", channel, seriesDetailsSchema)

/** Asks a streamer, which alone may ask the provider. */
async function details<T>(
  edge: Edge,
  kind: "movie" | "series",
  channel: string,
  schema: z.ZodType<T>,
): Promise<T | null> {
  const chosen = await chooseStreamer(edge)
  if (chosen === undefined) return null
  const [streamer, { internalAddress }] = chosen
  const authorization = await tierAuthorization(edge.keys, "streamer-internal", Date.now() / 1000)
  const answer = await fetch(`${internalAddress}/internal/details/${kind}/${channel}`, {
    headers: { authorization },
    signal: AbortSignal.timeout(timeoutMilliseconds),
  }).catch(() => null)
  const parsed = schema.safeParse(await answer?.json().catch(() => undefined))
  if (answer?.ok && parsed.success) return parsed.data
  logger.warn("a streamer gave no details", { streamer, channel, status: answer?.status ?? "no answer" })
  return null
}
