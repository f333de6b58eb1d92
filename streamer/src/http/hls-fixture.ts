import type { AddressInfo } from "node:net"
import { createAdaptorServer, type HttpBindings } from "@hono/node-server"
import { log } from "@tributary/shared/log/log"
import { signTicket, type Ticket } from "@tributary/shared/ticket"
import type { TranscodeProfile } from "@tributary/shared/transcode/transcode-profile"
import { Hono } from "hono"
import { BufferBudget } from "../fan-out/buffer-budget.ts"
import { WritePace } from "../fan-out/write-pace.ts"
import { spawnFfmpeg } from "../ffmpeg/spawn-ffmpeg.ts"
import { HlsOutputs } from "../hls/hls-outputs.ts"
import { noMetrics, type StreamMetrics } from "../metrics/stream-metrics.ts"
import type { World } from "../pool/pool-fixture.ts"
import type { TestStreamer } from "../pool/streamer-fixture.ts"
import { LiveOutputs } from "../session/live-outputs.ts"
import { HlsPlayer } from "../session/play-hls.ts"
import { SessionDirectory } from "../session/session-directory.ts"
import { TranscodePool } from "../transcode/transcode-pool.ts"
import { hlsPlaylist, hlsSegment, hlsVariant } from "./hls.ts"

/** HLS of a streamer's live streams, on a port of its own. */
export async function startHls(
  { keys }: World,
  { pool, keeper, config }: TestStreamer,
  profiles: readonly TranscodeProfile[] = [],
  metrics: StreamMetrics = noMetrics,
) {
  const now = Date.now
  const monotonic = () => performance.now()
  const logger = log("test", "hls")
  const profile = async (id: string) => profiles.find((one) => one.id === id)
  const share = { budget: new BufferBudget(() => Number.POSITIVE_INFINITY), pace: new WritePace(monotonic) }
  const transcodes = new TranscodePool({
    ...{ spawn: spawnFfmpeg, detectHardware: async () => null, share, settings: () => config.settings },
    ...{ stuckMilliseconds: 10_000, patienceMilliseconds: 10_000, onMoved: () => undefined },
    ...{ now, monotonic, logger },
  })
  const sessions = new SessionDirectory()
  const outputs = new HlsOutputs({
    maxBytes: () => config.settings.bufferSizePerStream,
    graceMilliseconds: 1_000,
    ...{ now, logger },
  })
  const hls = new HlsPlayer({
    ...{ pool, keeper, sessions, metrics, hls: outputs, monotonic, logger },
    outputs: new LiveOutputs({ transcodes, profile }),
  })
  const options = { keys, hls, keeper, transcodeProfile: profile, now }
  const app = new Hono<{ Bindings: HttpBindings }>()
  app.get("/live/:file{[^/]+\\.m3u8}", (context) => hlsPlaylist(options, context))
  app.get("/live/:ticket/:file{[^/]+\\.m3u8}", (context) => hlsVariant(options, context))
  app.get("/live/:ticket/:file{\\d+\\.ts}", (context) => hlsSegment(options, context))
  app.get("/live/:ticket/:variant/:file{\\d+\\.ts}", (context) => hlsSegment(options, context))
  const server = createAdaptorServer({ fetch: app.fetch })
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve))
  const address = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  return {
    address,
    player: hls,
    outputs,
    sessions,
    transcodes,
    url: async (ticket: Ticket) =>
      `${address}/live/${await signTicket(keys, ticket, Math.floor(now() / 1000))}.m3u8`,
    async close() {
      outputs.close()
      await transcodes.close()
      await new Promise<void>((resolve) => {
        server.close(() => resolve())
        if ("closeAllConnections" in server) server.closeAllConnections()
      })
    },
  }
}

export type TestHls = Awaited<ReturnType<typeof startHls>>
