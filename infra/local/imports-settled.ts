import { setTimeout as delay } from "node:timers/promises"
import { hashFields } from "@tributary/shared/store/hash-fields"
import { keys, publishJob } from "@tributary/shared/store/keys"
import type { ImportStatus } from "@tributary/shared/store/records"
import type { Redis } from "@upstash/redis"

const longestMilliseconds = 10_000
const yearMilliseconds = 365 * 86_400_000

/**
 * Waits until each source's import has ended, well or badly, and what came of it is published, so that the
 * first playlist a newcomer opens is whole; a slow source is not waited for longer than ten seconds.
 */
export async function importsSettled(redis: Redis, since: number): Promise<void> {
  const deadline = performance.now() + longestMilliseconds
  while (performance.now() < deadline) {
    const [sources, statuses, publishDue] = await redis
      .pipeline()
      .hkeys(keys.sources)
      .hgetall(keys.importsStatus)
      .zscore(keys.importsDue, publishJob)
      .exec<[string[], unknown, string | number | null]>()
    const status = hashFields(statuses)
    const ended = sources.every((id) => {
      const text = status.get(id)
      if (text === undefined) return false
      const { startedAt, endedAt } = JSON.parse(text) as ImportStatus
      return startedAt >= since && endedAt !== null
    })
    const published = publishDue === null || Number(publishDue) > Date.now() + yearMilliseconds
    if (ended && published) return
    await delay(50)
  }
}
