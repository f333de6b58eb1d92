import type { Feed } from "./entry.ts"

const secondsPerDay = 24 * 60 * 60

/**
 * The feeds whose provider keeps what was on at a time, or may: in Unix seconds. `days` is how long the channel's past
 * is kept at most; 0 when it has no catch-up.
 */
export function pastFeeds(
  feeds: readonly Feed[],
  { start, now }: { start: number; now: number },
): { feeds: Feed[]; days: number } {
  const days = Math.max(0, ...feeds.map(({ catchup }) => catchup?.days ?? 0))
  const keeping = feeds.filter(
    ({ catchup }) => catchup !== undefined && start < now && start >= now - catchup.days * secondsPerDay,
  )
  return { feeds: keeping, days }
}
