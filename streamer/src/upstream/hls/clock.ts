import { setTimeout } from "node:timers/promises"

/** Time, passed in so that tests need not wait for it. */
export interface Clock {
  /** Milliseconds since anything; never goes back. */
  now: () => number
  /** Resolves after so long, or when the signal aborts. */
  sleep: (milliseconds: number, signal: AbortSignal) => Promise<void>
}

export const realClock: Clock = {
  now: () => performance.now(),
  sleep: async (milliseconds, signal) => {
    await setTimeout(milliseconds, undefined, { signal }).catch(() => undefined)
  },
}
