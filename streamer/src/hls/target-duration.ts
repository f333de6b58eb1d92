import { wantedSeconds } from "./segment.ts"

/** How a segment came to its end: at a keyframe, because it became too long, or because the stream changed. */
export type CutReason = "keyframe" | "length" | "change"

// So long we wait for a second keyframe. Those who come later, and every reload, wait for it too.
const longestSeconds = 6
// Keyframes do not come to the millisecond.
const jitterSeconds = 0.05
// A segment may be longer than the target as long as it is not when rounded (RFC 8216 4.3.3.1).
const roundedSeconds = 0.49
const sameShare = 0.1

/**
 * The target duration of a stream, which must be known with its first segment, and never changes (RFC 8216 6.2.1). It
 * follows from the keyframes seen until then.
 */
export class TargetDuration {
  readonly #gaps: number[] = []
  #seconds: number | null = null

  /** Null until the first segment is there. */
  get seconds(): number | null {
    return this.#seconds
  }

  /** No segment may be longer. */
  get limitSeconds(): number {
    return (this.#seconds ?? longestSeconds) + roundedSeconds
  }

  /** A keyframe came so long after the one before. */
  noteKeyframe(gapSeconds: number): void {
    if (this.#seconds === null && gapSeconds > 0) this.#gaps.push(gapSeconds)
  }

  /** The first segment is this long. */
  decide(segmentSeconds: number, reason: CutReason): number {
    this.#seconds ??= this.#derive(segmentSeconds, reason)
    return this.#seconds
  }

  #derive(segmentSeconds: number, reason: CutReason): number {
    const longest = Math.max(0, ...this.#gaps)
    // Nothing was learnt.
    if (longest === 0 || reason === "length") return longestSeconds
    const isRegular = reason === "keyframe" && longest - Math.min(...this.#gaps) <= longest * sameShare
    // Keyframes at every change of scene: one may come just before a segment is long enough.
    const needed = isRegular ? segmentSeconds : Math.max(segmentSeconds, wantedSeconds + longest)
    return Math.min(Math.round(Math.max(needed + jitterSeconds, wantedSeconds)), longestSeconds)
  }
}
