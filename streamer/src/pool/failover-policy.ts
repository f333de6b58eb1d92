import type { UpstreamFailure } from "../upstream/upstream.ts"

/** Viewers wait so long for any feed before the stream ends. */
export const outageMilliseconds = 60_000

/** While others could take its place, a feed is tried again for no longer than this: next bytes within 500 ms. */
export const quickMilliseconds = 200

/** A picture has to begin within this of a feed's first bytes; streams without keyframes are known by then. */
export const pictureMilliseconds = 15_000

// One that broke off sooner than this after it began will do so again.
const shortMilliseconds = 5_000

/** A feed that played for so long is a good one: what happened before is no reason against it. */
export const soundMilliseconds = 2 * 60_000
const firstDelayMilliseconds = 100

/**
 * Whether a feed that broke off is worth trying again before the next one. What ended or was reset is often back at
 * once (panels restart streams), what stalls, or sends something else, is not.
 */
export function isWorthRetry(failure: UpstreamFailure, playedMilliseconds: number): boolean {
  return (failure.code === "ended" || failure.code === "reset") && playedMilliseconds >= shortMilliseconds
}

/** Milliseconds before an attempt, the first one being 0: none, then doubling up to `longest`, with jitter. */
export function retryDelay(attempt: number, longest: number, random: () => number): number {
  if (attempt === 0) return 0
  const full = Math.min(longest, firstDelayMilliseconds * 2 ** Math.min(attempt - 1, 20))
  return Math.round(full * (0.75 + random() / 4))
}

/**
 * Whether nothing listens there any more. What an origin answers, or how it ends a stream, says that it runs; one that
 * takes its time may be opening the channel.
 */
export function isUnreachable(failure: UpstreamFailure): boolean {
  return failure.code === "refused"
}
