import type { Redis } from "@upstash/redis"
import { keys } from "../store/keys.ts"
import type { FeedHealth } from "../store/records.ts"
import type { RunScript } from "./scripts.ts"
import { firstBlockMilliseconds, forgetFailuresMilliseconds, longestBlockMilliseconds } from "./times.ts"

/** A feed, as it was opened for a channel. */
export interface OpenedFeed {
  feed: string
  channel: string
  source: string
}

/** A feed that has been failing. Times are Redis milliseconds. */
export interface FailingFeed extends OpenedFeed {
  health: FeedHealth
  lastFailureAt: number
}

/**
 * Counts a failure of a feed (`fail-feed.lua`); after `maxFailures` it is blocked for a growing time. That its
 * provider is full, or away, is no failure of the feed.
 */
export async function feedFailed(
  run: RunScript,
  opened: OpenedFeed,
  maxFailures: number,
): Promise<FeedHealth> {
  const times = [firstBlockMilliseconds, longestBlockMilliseconds, forgetFailuresMilliseconds]
  const reply = await run(
    "failFeed",
    [keys.feedHealth(opened.feed), keys.feedsFailing],
    [...[maxFailures, ...times].map(String), memberOf(opened)],
  )
  return JSON.parse(reply) as FeedHealth
}

/** Forgets the failures of a feed: it has opened. */
export async function feedOpened(redis: Pick<Redis, "del" | "zrem">, opened: OpenedFeed): Promise<void> {
  await Promise.all([
    redis.del(keys.feedHealth(opened.feed)),
    redis.zrem(keys.feedsFailing, memberOf(opened)),
  ])
}

/** Those that failed last, newest first, `limit` at most. */
export async function readFailingFeeds(
  redis: Pick<Redis, "zrange" | "mget">,
  limit: number,
): Promise<FailingFeed[]> {
  const range = { rev: true, withScores: true } as const
  const reply = await redis.zrange<(string | number)[]>(keys.feedsFailing, 0, limit - 1, range)
  const members = reply.filter((_, at) => at % 2 === 0).map(String)
  if (members.length === 0) return []
  const feeds = members.map((member) => member.split("/"))
  const health = await redis.mget<(string | null)[]>(...feeds.map(([feed = ""]) => keys.feedHealth(feed)))
  const seen = new Set<string>()
  return feeds.flatMap(([feed = "", channel = "", source = ""], at) => {
    const text = health[at] ?? null
    // One that several channels have failed for the one with the newest failure.
    if (text === null || seen.has(feed)) return []
    seen.add(feed)
    const lastFailureAt = Number(reply[2 * at + 1])
    return [{ feed, channel, source, health: JSON.parse(text) as FeedHealth, lastFailureAt }]
  })
}

const memberOf = ({ feed, channel, source }: OpenedFeed) => `${feed}/${channel}/${source}`
