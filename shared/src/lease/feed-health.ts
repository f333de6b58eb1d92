import type { Redis } from "@upstash/redis"
import { keys } from "../store/keys.ts"
import type { FeedHealth } from "../store/records.ts"
import type { RunScript } from "./scripts.ts"
import { firstBlockMilliseconds, forgetFailuresMilliseconds, longestBlockMilliseconds } from "./times.ts"

/**
 * Counts a failure of a feed (`fail-feed.lua`); after `maxFailures` it is blocked for a growing time. That its
 * provider is full, or away, is no failure of the feed.
 */
export async function feedFailed(run: RunScript, feed: string, maxFailures: number): Promise<FeedHealth> {
  const reply = await run(
    "failFeed",
    [keys.feedHealth(feed)],
    [maxFailures, firstBlockMilliseconds, longestBlockMilliseconds, forgetFailuresMilliseconds].map(String),
  )
  return JSON.parse(reply) as FeedHealth
}

/** Forgets the failures of a feed: it has opened. */
export async function feedOpened(redis: Pick<Redis, "del">, feed: string): Promise<void> {
  await redis.del(keys.feedHealth(feed))
}
