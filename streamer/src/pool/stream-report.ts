import type { StreamFormat } from "../mpegts/stream-format.ts"

/** One connection of a viewer. */
export interface ViewerReport {
  /** The session's member in the store, `address/channel/id/born`; the address is a digest. */
  session: string
  /** Username; null where the playlist is public. */
  viewer: string | null
  /** Another streamer, which relays the stream to its own viewers. */
  isRelay: boolean
  /** Unix milliseconds. */
  joinedAt: number
  bytesSent: number
  /** How often a slow viewer was moved to the newest keyframe. */
  moves: number
}

/** A live stream as the streams API and the metrics show it. It names ids only: no address, no credential. */
export interface StreamReport {
  /** Of the live stream: its key in the pool. */
  id: string
  channel: string
  lease: string
  source: string
  profile: string
  feed: string
  /** Transcode profile of a transcode; null for the live stream itself. */
  transcode: string | null
  /** The streamer that it is relayed from. */
  relay: string | null
  /** "failing": no feed gives bytes just now; viewers get null packets or the slate. */
  state: "live" | "idle" | "failing" | "closing"
  /** It runs on another feed than the channel's first. */
  isFailover: boolean
  /** Unix milliseconds. */
  startedAt: number
  bytesReceived: number
  bytesSent: number
  /** Received over the last seconds. */
  bitsPerSecond: number
  /** Changes from one feed, or connection, to another. */
  failovers: number
  /** Why the newest of them happened, in words without addresses. */
  lastFailure: string | null
  format: StreamFormat | null
  viewers: ViewerReport[]
}
