import type { FailingFeed } from "@tributary/shared/admin-api/overview"
import { readFailingFeeds } from "@tributary/shared/lease/feed-health"
import type { Edge } from "../../edge.ts"
import { storeMilliseconds } from "../../fleet/streamer-records.ts"
import { fromStore } from "../../store-unavailable.ts"

const mostShown = 50

/** The feeds that failed last, with their channels' names. */
export async function listFailingFeeds(edge: Edge): Promise<FailingFeed[]> {
  const [failing, time] = await fromStore(
    Promise.all([readFailingFeeds(edge.redis, mostShown), edge.redis.time()]),
  )
  const now = storeMilliseconds(time.map(String) as [string, string])
  const names = await namesOf(edge, new Set(failing.map(({ channel }) => channel)))
  return failing.map(({ feed, channel, source, health, lastFailureAt }) => ({
    ...{ feed, channel, channelName: names.get(channel) ?? null, source },
    ...{ failures: health.failures, blocks: health.blocks },
    blockedUntil: health.blockedUntil > now ? health.blockedUntil : null,
    lastFailureAt,
  }))
}

async function namesOf({ snapshots }: Edge, channels: ReadonlySet<string>): Promise<Map<string, string>> {
  const found = await Promise.all(
    // They are shown without their names rather than not at all.
    [...channels].map((id) => snapshots.findChannel(id, Date.now()).catch(() => null)),
  )
  return new Map(found.flatMap((channel) => (channel === null ? [] : [[channel.id, channel.channel.name]])))
}
