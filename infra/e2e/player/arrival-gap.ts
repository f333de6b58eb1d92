export interface GapState {
  readonly maxGapMs: number
  /** When that gap began, from the start of the measurement; null before the second arrival. */
  readonly maxGapAtMs: number | null
}

/** Finds the longest silence between arrivals. */
export function createGapMeter(startedAt: number) {
  let lastAt: number | null = null
  let maxGapMs = 0
  let maxGapAtMs: number | null = null

  function widen(at: number): GapState {
    if (lastAt === null || at - lastAt <= maxGapMs) return { maxGapMs, maxGapAtMs }
    return { maxGapMs: at - lastAt, maxGapAtMs: lastAt - startedAt }
  }

  return {
    arrive(at: number): void {
      const widest = widen(at)
      maxGapMs = widest.maxGapMs
      maxGapAtMs = widest.maxGapAtMs
      lastAt = at
    },
    /** With the silence that lasts until `at`; without `at`, only gaps that ended. */
    state: (at: number | null): GapState => (at === null ? { maxGapMs, maxGapAtMs } : widen(at)),
  }
}
