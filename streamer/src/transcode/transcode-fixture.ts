import { createServer } from "node:http"
import type { AddressInfo } from "node:net"
import { log } from "@tributary/shared/log/log"
import type { Recipe } from "@tributary/shared/transcode/transcode-profile"
import { openPlayer, type Player } from "../../../infra/e2e/player/play.ts"
import { BufferBudget } from "../fan-out/buffer-budget.ts"
import { Viewer } from "../fan-out/viewer.ts"
import { WritePace } from "../fan-out/write-pace.ts"
import { type FfmpegChild, spawnFfmpeg } from "../ffmpeg/spawn-ffmpeg.ts"
import type { StreamFormat } from "../mpegts/stream-format.ts"
import type { LiveStream } from "../pool/live-stream.ts"
import { staying } from "../pool/pool-fixture.ts"
import type { TestStreamer } from "../pool/streamer-fixture.ts"
import { admitted } from "../pool/test-pool.ts"
import type { Transcode } from "./transcode.ts"
import { TranscodePool, type TranscodePoolOptions, type TranscodeSettings } from "./transcode-pool.ts"

export const small: Extract<Recipe, { kind: "structured" }> = {
  kind: "structured",
  video: { codec: "h264", height: 60, bitrate: 100_000, frameRate: null },
  audio: { codec: "aac", bitrate: 64_000, channels: 2 },
}
export const copy: Recipe = { kind: "structured", video: { codec: "copy" }, audio: { codec: "copy" } }
export const broken: Recipe = { kind: "arguments", words: ["-c:v", "no-such-encoder"] }

export function isRunning(pid: number): boolean {
  try {
    return process.kill(pid, 0)
  } catch {
    return false
  }
}

/** A pool of transcodes with players, each on a connection of its own. */
export async function startTranscoding(
  changes: Partial<TranscodeSettings> = {},
  parts: Partial<TranscodePoolOptions> = {},
) {
  const settings = {
    ...{ maxTranscodes: 0, maxTranscodeViewers: 0, poolGrace: 10, bufferSizePerStream: 4 * 1024 * 1024 },
    ...changes,
  }
  const children: FfmpegChild[] = []
  const pool = new TranscodePool({
    detectHardware: () => Promise.resolve(null),
    settings: () => settings,
    spawn: (args) => {
      const child = (parts.spawn ?? spawnFfmpeg)(args)
      children.push(child)
      return child
    },
    share: {
      budget: new BufferBudget(() => 256 * 1024 * 1024),
      pace: new WritePace(() => performance.now()),
    },
    stuckMilliseconds: parts.stuckMilliseconds ?? 10_000,
    patienceMilliseconds: parts.patienceMilliseconds ?? 10_000,
    onMoved: () => undefined,
    onRestarted: (why) => parts.onRestarted?.(why),
    now: Date.now,
    monotonic: () => performance.now(),
    logger: log("test", "transcode"),
  })
  const offered = new Map<string, { live: LiveStream; transcode: Transcode }>()
  const server = createServer(({ socket, url = "" }, response) => {
    const offer = offered.get(url)
    if (offer === undefined) return void response.writeHead(404).end()
    const { live, transcode } = offer
    response.writeHead(200, { "content-type": "video/mp2t" })
    response.flushHeaders()
    const viewer = new Viewer(socket, { chunked: true })
    live.attend(viewer, { session: url, viewer: null, isRelay: false, requestedAt: 0 })
    transcode.attend(viewer)
    transcode.subscribe(viewer)
    void viewer.ended.then(() => {
      transcode.unsubscribe(viewer)
      transcode.leave(viewer)
      live.leave(viewer)
    })
  })
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve))
  const { port } = server.address() as AddressInfo
  let count = 0
  return {
    pool,
    settings,
    children,
    /** Of all the ffmpegs that were ever started, those that run. */
    running: () => children.filter(({ pid }) => pid !== undefined && isRunning(pid)),
    play(live: LiveStream, transcode: Transcode): Player {
      const url = `/${++count}`
      offered.set(url, { live, transcode })
      return openPlayer(`http://127.0.0.1:${port}${url}`)
    },
    async close() {
      await pool.close()
      await new Promise<void>((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      })
    },
  }
}

export type Transcoding = Awaited<ReturnType<typeof startTranscoding>>

/** The live stream of a channel of the test provider. */
export async function liveOf(streamer: TestStreamer, channel: number): Promise<LiveStream> {
  const result = await streamer.pool.obtain(await admitted(channel), staying())
  if (!result.ok) throw new Error(`not opened: ${result.code}`)
  return result.stream
}

/** What a transcode gives once it has been looked at. */
export const formatOf = (transcode: Transcode): StreamFormat => transcode.report().format
