import { bearerToken } from "@tributary/shared/http/bearer-token"
import { errorResponse } from "@tributary/shared/http/errors"
import type { Keys } from "@tributary/shared/secrets/keys"
import { isSameSecret } from "@tributary/shared/secrets/same-secret"
import { isTierCall } from "@tributary/shared/secrets/tier-token"
import type { Context } from "hono"
import type { OpenSource } from "../upstream/open-feed.ts"
import type { Vod } from "../vod/vod.ts"
import type { Metrics } from "./metrics.ts"
import type { MeteredStream } from "./stream-metrics.ts"
import type { MeteredTranscode } from "./transcode-gauges.ts"

export interface MetricsRouteOptions {
  keys: Keys
  metrics: Pick<Metrics, "contentType" | "text">
  pool: { streams: ReadonlyMap<string, MeteredStream> }
  vod: Pick<Vod, "reports">
  transcodes: { transcodes: ReadonlyMap<string, MeteredTranscode> }
  hls: { size: number }
  config: { sources: ReadonlyMap<string, Pick<OpenSource, "record">> }
  /** Who has none of these reads no metrics, unless there is no `metricsToken`: then everybody does. */
  tokens: { metricsToken: string | null; apiToken: string | null }
  lastBeatAt: () => number
  /** Unix milliseconds. */
  now: () => number
}

/** `GET /metrics`: this streamer's metrics for Prometheus; the edge, which sums them, is let in by its tier token. */
export async function serveMetrics(options: MetricsRouteOptions, context: Context): Promise<Response> {
  if (!(await mayRead(options, context.req.header("authorization"))))
    return errorResponse("unauthorized", "Say who you are: the header Authorization: Bearer METRICS_TOKEN.")
  const { metrics, pool, vod, transcodes, hls, config, lastBeatAt, now } = options
  const profiles = [...config.sources].flatMap(([source, { record }]) =>
    record.profiles.map(({ id }) => ({ source, profile: id })),
  )
  const text = await metrics.text({
    streams: pool.streams.values(),
    playbacks: vod.reports(),
    transcodes: transcodes.transcodes.values(),
    hlsSessions: hls.size,
    profiles,
    beatAgeSeconds: lastBeatAt() === 0 ? null : Math.max(0, now() - lastBeatAt()) / 1000,
  })
  return context.body(text, 200, { "content-type": metrics.contentType, "cache-control": "no-store" })
}

async function mayRead(
  { keys, tokens: { metricsToken, apiToken }, now }: MetricsRouteOptions,
  authorization: string | undefined,
): Promise<boolean> {
  if (metricsToken === null) return true
  const given = bearerToken(authorization)
  if (given === null) return false
  if (await isSameSecret(given, metricsToken)) return true
  if (apiToken !== null && (await isSameSecret(given, apiToken))) return true
  return isTierCall(keys, "streamer-internal", authorization, now() / 1000)
}
