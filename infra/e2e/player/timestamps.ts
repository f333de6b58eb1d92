import { wrappedDifference } from "./programme-clock.ts"

const MODULUS = 2 ** 33
const TICKS_PER_SECOND = 90_000
const MAX_BACK = 1 * TICKS_PER_SECOND
const MAX_FORWARD = 10 * TICKS_PER_SECOND

export interface TimestampState {
  /** Steps backwards by over 1 s or on by over 10 s, announced or not. */
  readonly jumps: number
  /** Those inside one time base. */
  readonly unannouncedJumps: number
  /** Steps backwards of any size inside one time base: access units are sent in decoding order. */
  readonly backwards: number
}

/** Follows the decoding times of streams; each PID is compared with itself. */
export function createTimestampCheck() {
  const last = new Map<number, { dts: number; epoch: number }>()
  let jumps = 0
  let unannouncedJumps = 0
  let backwards = 0

  /** `epoch` names the time base that `dts` belongs to. */
  function check(pid: number, dts: number, epoch: number): void {
    const before = last.get(pid)
    last.set(pid, { dts, epoch })
    if (before === undefined) return
    const step = wrappedDifference(before.dts, dts, MODULUS)
    const sameBase = before.epoch === epoch
    if (step < 0 && sameBase) backwards++
    if (step >= -MAX_BACK && step <= MAX_FORWARD) return
    jumps++
    if (sameBase) unannouncedJumps++
  }

  return { check, state: (): TimestampState => ({ jumps, unannouncedJumps, backwards }) }
}
