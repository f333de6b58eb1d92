import { ticksBetween, ticksPerMs } from "../mpegts/clock.ts"

/** Which time on the wall belongs to which on the stream's clock. */
interface Anchor {
  dts90kHz: number
  atMs: number
}

// Farther from what it should be, a time is on another clock: the stream's was set anew.
const sameClockMs = 60_000
// Outputs go on from one clock to the next one at different moments.
const mostAnchors = 4

/**
 * What all outputs have in common that a player may change between: at the same time of the stream's clock they have the
 * same discontinuity number and the same date (RFC 8216 6.2.4).
 */
export class Timeline {
  /** The newest discontinuity that any of its outputs has. */
  #discontinuity: number
  readonly #anchors: Anchor[] = []
  /** Unix milliseconds: the end of the newest segment that any of its outputs has. */
  #endsAt = Number.NEGATIVE_INFINITY

  /** Small, since hls.js counts up to it. */
  constructor(firstDiscontinuity: number) {
    this.#discontinuity = firstDiscontinuity
  }

  get discontinuity(): number {
    return this.#discontinuity
  }

  get endsAt(): number {
    return this.#endsAt
  }

  /** An output has a segment that ends then, of a discontinuity of this number. */
  noteSegment(discontinuity: number, endsAt: number): void {
    this.#discontinuity = Math.max(this.#discontinuity, discontinuity)
    this.#endsAt = Math.max(this.#endsAt, endsAt)
  }

  /** Unix milliseconds of a time of the stream's clock; `guessMs` is when it came to whoever asks, as far as they know. */
  dateOf(dts90kHz: number | null, guessMs: number): number {
    if (dts90kHz === null) return guessMs
    for (const anchor of this.#anchors) {
      const atMs = anchor.atMs + ticksBetween(anchor.dts90kHz, dts90kHz) / ticksPerMs
      if (Math.abs(atMs - guessMs) > sameClockMs) continue
      // Kept near: the clock turns round in a day.
      Object.assign(anchor, { dts90kHz, atMs })
      return Math.round(atMs)
    }
    this.#anchors.unshift({ dts90kHz, atMs: guessMs })
    this.#anchors.splice(mostAnchors)
    return guessMs
  }
}
