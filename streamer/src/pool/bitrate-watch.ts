// What came lately is judged over this time; a stream that comes in segments has pauses as long as those.
const windowSeconds = 10
const segmentedWindowSeconds = 30
const collapsedShare = 0.1

/** Follows how fast an upstream's bytes come, by whole seconds of a clock in milliseconds. */
export class BitrateWatch {
  readonly #startedAt: number
  readonly #perSecond: number[] = []
  #second = 0
  #bytes = 0
  #total = 0
  /** It comes in segments, a burst each. */
  readonly isSegmented: boolean

  constructor(nowMs: number, { isSegmented }: { isSegmented: boolean }) {
    this.#startedAt = nowMs
    this.isSegmented = isSegmented
  }

  get bytes(): number {
    return this.#total
  }

  add(bytes: number, nowMs: number): void {
    this.#advance(nowMs)
    this.#bytes += bytes
    this.#total += bytes
  }

  /** Over the last whole seconds, ten at most; from the beginning while there are none. */
  bitsPerSecond(nowMs: number): number {
    this.#advance(nowMs)
    const lately = this.#perSecond.slice(-windowSeconds)
    if (lately.length === 0) return this.#total * 8
    return Math.round((sum(lately) * 8) / lately.length)
  }

  /** Whether the rate of the last seconds is under a tenth of the average before them. */
  hasCollapsed(nowMs: number): boolean {
    this.#advance(nowMs)
    const window = this.isSegmented ? segmentedWindowSeconds : windowSeconds
    // Of less than two windows there is no average to compare with.
    if (this.#second < 2 * window) return false
    const lately = sum(this.#perSecond.slice(-window))
    const before = this.#total - this.#bytes - lately
    const average = before / (this.#second - window)
    return lately / window < average * collapsedShare
  }

  #advance(nowMs: number): void {
    const second = Math.max(this.#second, Math.floor((nowMs - this.#startedAt) / 1000))
    // After a long silence only the seconds that are looked at matter.
    const missing = Math.min(second - this.#second, segmentedWindowSeconds + 1)
    for (let count = 0; count < missing; count++) {
      this.#perSecond.push(this.#bytes)
      this.#bytes = 0
    }
    this.#second = second
    if (this.#perSecond.length > segmentedWindowSeconds)
      this.#perSecond.splice(0, this.#perSecond.length - segmentedWindowSeconds)
  }
}

const sum = (values: readonly number[]) => values.reduce((total, value) => total + value, 0)
