import type { StreamReport } from "../pool/stream-report.ts"
import type { UpstreamFailure } from "../upstream/upstream.ts"
import type { PlaybackReport } from "../vod/playback.ts"

/** A live stream, or a playback, whose bytes are counted until it is closed. */
export interface MeteredStream {
  report(): StreamReport | PlaybackReport
  readonly closed: Promise<unknown>
}

export type FailureCode = UpstreamFailure["code"]

/**
 * What happens to live streams and their viewers, told by whoever does it. All calls are cheap, return at
 * once and never throw. Ids become labels: of sources only, never an address.
 */
export interface StreamMetrics {
  /** A stream or a playback runs; one that is known already is counted on. */
  streamOpened(stream: MeteredStream): void
  /**
   * An upstream did not open, or ended. `key` is the live stream's. For a stream that runs, call it before its
   * connection changes: what it received so far is counted for the source that it has now.
   */
  streamFailed(failed: { key: string; source: string; code: FailureCode }): void
  /** A stream goes on with another connection, so long after the picture of the one of `source` was gone. */
  failedOver(from: { source: string; code: FailureCode | null; milliseconds: number }): void
  viewerJoined(): void
  viewerLeft(how: ViewerExit): void
  /** A slow viewer was moved to the newest keyframe. */
  viewerMoved(): void
  /** A viewer of a live stream as it comes was sent the first keyframe, so long after their request came. */
  firstKeyframe(how: "opened" | "joined", milliseconds: number): void
  /** A viewer of something made of a live stream was given the first bytes, so long after their request came. */
  firstBytes(given: { output: MadeOutput; how: "opened" | "joined" }, milliseconds: number): void
  /** An ffmpeg that transcodes has ended, and another takes its place. */
  ffmpegRestarted(why: RestartReason): void
  /** Viewers were kept waiting so long with null packets or the slate. */
  filled(filler: "null" | "slate", milliseconds: number): void
}

/** What is made of a live stream: a transcode, segments, or both. */
export type MadeOutput = "transcode" | "hls" | "hls-transcode"

/** "input-...": the live stream became another one than it was started for. */
export type RestartReason = "failed" | "input-changed" | "input-silent"

/** How a viewer's connection ended. "refused": there was no transcode for it, or no place at one. */
export type ViewerExit = "left" | "took-nothing" | "stream-ended" | "refused"

/** Where nobody counts. */
export const noMetrics: StreamMetrics = {
  streamOpened: () => undefined,
  streamFailed: () => undefined,
  failedOver: () => undefined,
  viewerJoined: () => undefined,
  viewerLeft: () => undefined,
  viewerMoved: () => undefined,
  firstKeyframe: () => undefined,
  firstBytes: () => undefined,
  ffmpegRestarted: () => undefined,
  filled: () => undefined,
}
