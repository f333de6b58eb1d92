import type { AccountReport } from "@tributary/shared/store/records"

const usualSeconds = 15 * 60
const jitter = 0.1
// What is wrong is being put right, as a rule.
const unusableSeconds = 5 * 60
const firstSilentSeconds = 60

/** A list's server that is no Xtream panel hardly becomes one. */
export const otherServerSeconds = 6 * 60 * 60

/** A profile that is not used now is asked about as soon as it is saved; until then this is often enough. */
export const disabledSeconds = 15 * 60

/** In how many seconds a provider is asked again after it said this; spread, as profiles are saved together. */
export function secondsAfterReport({ status }: AccountReport, random: () => number): number {
  const isUsable = status === "active" || status === "unknown"
  return isUsable ? usualSeconds * (1 - jitter + 2 * jitter * random()) : unusableSeconds
}

/** The same when it has not answered so many times in a row. */
export function secondsAfterSilence(times: number): number {
  return Math.min(usualSeconds, firstSilentSeconds * 2 ** (times - 1))
}
