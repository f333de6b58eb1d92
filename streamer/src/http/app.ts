import type { HttpBindings } from "@hono/node-server"
import { errorResponse } from "@tributary/shared/http/errors"
import type { Logger } from "@tributary/shared/log/log"
import type { Keys } from "@tributary/shared/secrets/keys"
import { Hono } from "hono"
import { type ProfileTestRouteOptions, testProfile } from "../account/route.ts"
import { type DetailsRouteOptions, details } from "../details/route.ts"
import type { Importer } from "../import/importer.ts"
import { type MetricsRouteOptions, serveMetrics } from "../metrics/serve-metrics.ts"
import { type OperateOptions, operateApi } from "../operate/operate-api.ts"
import { requireApiToken } from "../streams-api/require-api-token.ts"
import { RunningStreams } from "../streams-api/running-streams.ts"
import { streamsApi } from "../streams-api/streams-api.ts"
import { type SendAwayOptions, sendAway } from "../task/drain/send-away.ts"
import type { TranscodePool } from "../transcode/transcode-pool.ts"
import { type HlsRouteOptions, hlsPlaylist, hlsSegment, hlsVariant } from "./hls.ts"
import { type LiveRouteOptions, live } from "./live.ts"
import { type LogoRouteOptions, logo } from "./logo.ts"
import { requireEdge } from "./require-edge.ts"
import { type VodRouteOptions, vod } from "./vod.ts"

export interface AppOptions
  extends LiveRouteOptions,
    HlsRouteOptions,
    Omit<VodRouteOptions, "play">,
    LogoRouteOptions,
    DetailsRouteOptions,
    ProfileTestRouteOptions,
    SendAwayOptions,
    Pick<MetricsRouteOptions, "metrics"> {
  keys: Keys
  streamer: string
  importer: Importer
  transcodes: Pick<TranscodePool, "transcodes">
  tokens: MetricsRouteOptions["tokens"]
  operate: OperateOptions
  /** Unix milliseconds of the last heartbeat that the store took. */
  lastBeatAt: () => number
  logger: Logger
}

// Three beats.
const storeIsAwayMilliseconds = 15_000

/** The streamer's route table. */
export function createApp(options: AppOptions) {
  const { keys, streamer, importer, pool, transcodes, edge, tokens, now, lastBeatAt, logger } = options
  const app = new Hono<{ Bindings: HttpBindings }>()

  const away = sendAway(options)
  app.get("/live/*", away)
  app.get("/vod/*", away)

  app.get("/live/:file{[^/]+\\.ts}", (context) => live(options, context))
  app.get("/live/:file{[^/]+\\.m3u8}", (context) => hlsPlaylist(options, context))
  app.get("/live/:ticket/:file{[^/]+\\.m3u8}", (context) => hlsVariant(options, context))
  app.get("/live/:ticket/:file{\\d+\\.ts}", (context) => hlsSegment(options, context))
  app.get("/live/:ticket/:variant/:file{\\d+\\.ts}", (context) => hlsSegment(options, context))
  app.get("/vod/:file", (context) => vod(options, context))
  app.get("/logo/:ticket", (context) => logo(options, context))

  app.get("/health", (context) => {
    const store = now() - lastBeatAt() < storeIsAwayMilliseconds ? "ok" : "failing"
    return context.json(
      {
        status: store,
        ...(store === "ok" ? {} : { failing: ["store"] }),
        streamer,
        streams: pool.streams.size,
        viewers: pool.viewers,
        imports: importer.running,
      },
      store === "ok" ? 200 : 503,
      { "cache-control": "no-store" },
    )
  })

  // Ready to take viewers: registered, so the edge knows the way here.
  app.get("/ready", (context) => {
    if (options.drain.isDraining) return context.json({ status: "draining" }, 503)
    return context.json({ status: lastBeatAt() > 0 ? "ok" : "starting" })
  })

  app.get("/metrics", (context) => serveMetrics(options, context))

  const running = {
    pool: new RunningStreams({ live: pool.streams, transcodes: transcodes.transcodes, vod: options.vod }),
    findChannel: (id: string) => edge.channel(id),
  }
  const streams = streamsApi({ ...running, guard: requireApiToken(tokens.apiToken) })
  app.route("/streams", streams)
  app.route("/m3u-proxy/streams", streams)

  const onlyEdge = requireEdge(keys, now)
  app.route("/internal", operateApi({ ...options.operate, streams: running, guard: onlyEdge }))

  app.post("/internal/imports", onlyEdge, (context) => {
    importer.look()
    return context.body(null, 202)
  })

  app.get("/internal/details/:kind/:channel", onlyEdge, (context) => details(options, context))

  app.post("/internal/profiles/test", onlyEdge, (context) => testProfile(options, context))

  app.notFound(() => errorResponse("not_found", "There is nothing here."))
  app.onError((error) => {
    logger.error("request failed", { error: error.message })
    return errorResponse("internal", "Something went wrong here; it was logged.")
  })
  return app
}
