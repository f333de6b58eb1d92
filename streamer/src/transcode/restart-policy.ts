// One that gave output for so long could do it: what ended it is no fault of the recipe.
const fruitfulMilliseconds = 3_000
// Whatever happened before, one that ran for so long is well.
const soundMilliseconds = 30_000
const firstDelayMilliseconds = 200
const longestDelayMilliseconds = 5_000
const mostFruitless = 3

/** How one run of ffmpeg ended. */
export interface RunRecord {
  ranMilliseconds: number
  /** From its first output to its last; null when there was none. */
  outputMilliseconds: number | null
  /** Somebody else ended it (a person, the kernel short of memory): that is not held against the recipe. */
  wasKilled: boolean
}

/** What is remembered of the runs before. */
export interface RunHistory {
  failures: number
  /** Runs one after the other that gave little or nothing. */
  fruitless: number
}

export const noFailures: RunHistory = { failures: 0, fruitless: 0 }

/** The history with this failed run, and what is to be done: start again after `delayMilliseconds`, or give up (null). */
export function afterFailure(
  history: RunHistory,
  { ranMilliseconds, outputMilliseconds, wasKilled }: RunRecord,
): { history: RunHistory; delayMilliseconds: number | null } {
  const failures = (ranMilliseconds >= soundMilliseconds ? 0 : history.failures) + 1
  const isFruitful = (outputMilliseconds ?? 0) >= fruitfulMilliseconds
  const fruitless = isFruitful ? 0 : history.fruitless + (wasKilled ? 0 : 1)
  const delay = Math.min(longestDelayMilliseconds, firstDelayMilliseconds * 2 ** Math.min(failures - 1, 20))
  return {
    history: { failures, fruitless },
    delayMilliseconds: fruitless >= mostFruitless ? null : delay,
  }
}
