import type { ContinuityState } from "./continuity.ts"
import type { TableState } from "./follow-tables.ts"
import type { SyncState } from "./packet-sync.ts"
import type { VideoState } from "./video-start.ts"

/** What the checker saw so far. Times in ms are from the start of the measurement. */
export interface StreamReport
  extends SyncState,
    ContinuityState,
    TableState,
    Omit<VideoState, "firstKeyframeAt"> {
  readonly bytes: number
  readonly packets: number
  readonly nullPackets: number
  readonly tei: number
  readonly scrambled: number
  readonly firstByteMs: number | null
  /** A whole PAT and a PMT came before the first elementary packet; null before that packet. */
  readonly tablesFirst: boolean | null
  readonly videoPid: number | null
  readonly keyframeMs: number | null
  /** Payloads of elementary streams before the first PES packet of their PID began: nobody can use them. */
  readonly orphanPackets: number
  /** Units of elementary streams that do not begin with a PES header. */
  readonly malformedPes: number
  readonly pcrJumps: number
  /** Jumps of video decoding times: backwards by over 1 s or on by over 10 s, announced or not. */
  readonly ptsJumps: number
  readonly audioPtsJumps: number
  readonly unannouncedPtsJumps: number
  readonly unannouncedAudioPtsJumps: number
  /** Video decoding times that step back by any length within a time base. */
  readonly dtsBackwards: number
  readonly mediaSeconds: number
  readonly pcrLeadMs: number | null
  readonly maxPcrLeadMs: number
  readonly maxPcrLagMs: number
  /** Longest silence between arrivals of packets other than null packets, the running one included. */
  readonly maxGapMs: number
  readonly maxGapAtMs: number | null
  /** All bytes over the media time they hold; null before there is any. */
  readonly mediaBitsPerSecond: number | null
  /** All bytes over the time from the first arrival to the last. */
  readonly arrivalBitsPerSecond: number | null
}

export const roundMs = (ms: number): number => Math.round(ms * 10) / 10

export const bitsPerSecond = (bytes: number, seconds: number): number | null =>
  seconds > 0 ? Math.round((bytes * 8) / seconds) : null
