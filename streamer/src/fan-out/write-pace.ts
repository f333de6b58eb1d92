// Up to here each chunk is written as it comes. A write costs some 10 microseconds whatever its size: above,
// chunks are gathered into fewer and larger ones.
const freeShare = 0.1
// Still below what a viewer would notice.
const maxWaitMilliseconds = 50
const maxCredit = maxWaitMilliseconds * freeShare

/**
 * How long the live streams of this process gather packets before they write them: not at all while writing
 * takes less than a tenth of the event loop's time. Shared by all streams, as they share the loop.
 */
export class WritePace {
  readonly #now: () => number
  /** Milliseconds that writing may take without anyone waiting. */
  #credit = maxCredit
  #earnedAt: number

  /** `now`: monotonic milliseconds. */
  constructor(now: () => number) {
    this.#now = now
    this.#earnedAt = now()
  }

  get waitMilliseconds(): number {
    this.#earn()
    return Math.max(0, -this.#credit / freeShare)
  }

  /** Runs a round of writes, and takes note of what it costs. */
  measure(write: () => void): void {
    this.#earn()
    const startedAt = this.#earnedAt
    write()
    this.#earnedAt = this.#now()
    // One long round is paid for with one long wait, not with many.
    this.#credit = Math.max(-maxCredit, this.#credit - (this.#earnedAt - startedAt))
  }

  #earn(): void {
    const now = this.#now()
    this.#credit = Math.min(maxCredit, this.#credit + (now - this.#earnedAt) * freeShare)
    this.#earnedAt = now
  }
}
