import type { StreamFormat } from "../mpegts/stream-format.ts"
import type { Watching } from "../pool/live-stream.ts"

/** A transcode as the streams API and the metrics show it. It names no address and no credential. */
export interface TranscodeReport {
  id: string
  channel: string
  /** Key of the live stream that feeds it. */
  live: string
  /** Ids of the transcode profiles that it was asked for by; they have the same recipe. */
  profiles: string[]
  /** Of ffmpeg; null while it is between two runs. */
  pid: number | null
  state: "starting" | "running" | "restarting" | "closing"
  /** Nobody watches just now. */
  isIdle: boolean
  hardware: string | null
  /** Unix milliseconds. */
  startedAt: number
  /** Times that ffmpeg was started again. */
  restarts: number
  bytesSent: number
  /** That came out of ffmpeg over the last seconds. */
  bitsPerSecond: number
  /** Why ffmpeg ended last time, in one line. */
  lastFailure: string | null
  /** Of what comes out. */
  format: StreamFormat
  viewers: readonly Pick<Watching, "bytesSent" | "moves">[]
}
