const PCR_MODULUS = 2 ** 33 * 300
const TICKS_PER_SECOND = 27_000_000
const TICKS_PER_MS = TICKS_PER_SECOND / 1000

/** `to - from` on a clock that wraps at `modulus`, taken as the shorter way round: negative is backwards. */
export function wrappedDifference(from: number, to: number, modulus: number): number {
  const forward = (((to - from) % modulus) + modulus) % modulus
  return forward < modulus / 2 ? forward : forward - modulus
}

export interface ClockState {
  /** Steps backwards or by over 1 s without discontinuity_indicator, on any PID. */
  readonly pcrJumps: number
  /** Media received by the watched programme's PCR, jumps not counted. */
  readonly mediaSeconds: number
  /** Media received ahead of the time that passed since its first PCR, now: negative is late. */
  readonly pcrLeadMs: number | null
  /** The most that media was ahead (a burst) and behind (a stall); both at least 0. */
  readonly maxPcrLeadMs: number
  readonly maxPcrLagMs: number
}

/** Follows PCRs: against each other on every PID, against arrival on the watched programme's PCR PID. */
export function createClockCheck() {
  const last = new Map<number, number>()
  let pcrJumps = 0
  let mediaTicks = 0
  let watched: { firstAt: number; leadMs: number } | null = null
  let maxLeadMs = 0
  let maxLagMs = 0
  let epoch = 0

  function compareWithArrival(advance: number, at: number): void {
    mediaTicks += advance
    const firstAt = watched?.firstAt ?? at
    // The media before the first PCR is unknown, so the comparison begins at 0 there.
    const leadMs = mediaTicks / TICKS_PER_MS - (at - firstAt)
    watched = { firstAt, leadMs }
    maxLeadMs = Math.max(maxLeadMs, leadMs)
    maxLagMs = Math.max(maxLagMs, -leadMs)
  }

  /** `announced`: the packet sets discontinuity_indicator, so its PCR may begin a new time base (2.4.3.5). */
  function check(
    pid: number,
    pcr: number,
    at: number,
    context: { announced: boolean; watched: boolean },
  ): void {
    const previous = last.get(pid)
    last.set(pid, pcr)
    if (context.announced && context.watched) epoch++
    const step = previous === undefined ? 0 : wrappedDifference(previous, pcr, PCR_MODULUS)
    const steady = step >= 0 && step <= TICKS_PER_SECOND
    if (!steady && !context.announced) pcrJumps++
    if (context.watched) compareWithArrival(steady && !context.announced ? step : 0, at)
  }

  return {
    check,
    /** Grows with each announced time base, so that timestamps on both sides are not compared. */
    epoch: (): number => epoch,
    state: (): ClockState => ({
      pcrJumps,
      mediaSeconds: mediaTicks / TICKS_PER_SECOND,
      pcrLeadMs: watched?.leadMs ?? null,
      maxPcrLeadMs: maxLeadMs,
      maxPcrLagMs: maxLagMs,
    }),
  }
}
