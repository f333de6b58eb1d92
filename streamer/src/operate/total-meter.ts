/** What carries bytes, and how many it has carried so far. */
export interface Total {
  carrier: unknown
  bytes: number
  /** Left out of the sum as long as this is false. */
  isCounted: boolean
}

/** Turns the totals of what comes and goes into what was carried since the last time. */
export class TotalMeter {
  #known = new Map<unknown, number>()

  /** The growth of all that count; of a carrier that is new, all of it. What one that has gone carried at last is lost. */
  take(totals: Iterable<Total>): number {
    const seen = new Map<unknown, number>()
    let growth = 0
    for (const { carrier, bytes, isCounted } of totals) {
      const before = this.#known.get(carrier) ?? 0
      // Less than before: another one has its place.
      if (isCounted) growth += bytes < before ? bytes : bytes - before
      seen.set(carrier, bytes)
    }
    this.#known = seen
    return growth
  }
}
