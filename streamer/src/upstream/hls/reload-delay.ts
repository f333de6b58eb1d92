const shortestMilliseconds = 250
const longestMilliseconds = 60_000

/**
 * How long after the beginning of one load the next is due: the target duration when it brought something, half of it
 * when not (RFC 8216 6.3.4).
 */
export function reloadMilliseconds(targetSeconds: number, broughtNew: boolean): number {
  const milliseconds = targetSeconds * (broughtNew ? 1000 : 500)
  return Math.min(Math.max(milliseconds, shortestMilliseconds), longestMilliseconds)
}

/** How long a live playlist may bring nothing new: three target durations, and not less than any stream may stall. */
export function stalledAfterMilliseconds(targetSeconds: number, stallMilliseconds: number): number {
  return Math.max(targetSeconds * 3000, stallMilliseconds)
}

/** How long there may be no bytes: segments come whole, each a target duration after the other, and may be late. */
export function silentAfterMilliseconds(targetSeconds: number, stallMilliseconds: number): number {
  return targetSeconds * 2000 + stallMilliseconds
}
