import { keyframeSeconds } from "../ffmpeg/keyframe-expression.ts"
import { ticksBetween, ticksPerSecond, wrapTicks } from "../mpegts/clock.ts"

const step90kHz = keyframeSeconds * ticksPerSecond

/**
 * The times at which all transcodes of a live stream have keyframes, so that their segments begin at the same ones
 * (RFC 8216 6.2.4). The first transcode's first picture is one of them: nobody waits longer for its first segment.
 */
export class KeyframeGrid {
  /** The newest place that is known. */
  #place90kHz: number | null = null

  /** How long before this time the last place for a keyframe was, in seconds. */
  phaseAt(time90kHz: number): number {
    const passed = this.#place90kHz === null ? 0 : ticksBetween(this.#place90kHz, time90kHz)
    const phase = ((passed % step90kHz) + step90kHz) % step90kHz
    // Kept near: the clock turns round in a day.
    this.#place90kHz = wrapTicks(time90kHz - phase)
    return phase / ticksPerSecond
  }
}
