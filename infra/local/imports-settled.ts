import { setTimeout as delay } from "node:timers/promises"
import { hashFields } from "@tributary/shared/store/hash-fields"
import { keys, publishJob } from "@tributary/shared/store/keys"
import type { ImportStatus } from "@tributary/shared/store/records"
import type { Redis } from "@upstash/redis"

const longestMilliseconds = 10_000
const yearMilliseconds = 365 * 86_400_000

/**
 * Waits until each source's import has ended, well or badly, its guides too, and what came of it is published,
 * so that the first playlist a newcomer opens is whole; what is slow is not waited for longer than ten seconds.
 */
export async function importsSettled(redis: Redis, since: number): Promise<void> {
  const deadline = performance.now() + longestMilliseconds
  while (performance.now() < deadline) {
    const [sources, statuses, due] = await redis
      .pipeline()
      .hkeys(keys.sources)
      .hgetall(keys.importsStatus)
      .zrange(keys.importsDue, 0, -1, { withScores: true })
      .exec<[string[], unknown, string[]]>()
    const status = hashFields(statuses)
    const hasEnded = (job: string) => {
      const text = status.get(job)
      if (text === undefined) return false
      const { startedAt, endedAt } = JSON.parse(text) as ImportStatus
      return startedAt >= since && endedAt !== null
    }
    const isNever = (score: string | undefined) => Number(score) > Date.now() + yearMilliseconds
    const others = due.flatMap((job, at) =>
      at % 2 === 0 && !sources.includes(job) ? [{ job, score: due[at + 1] }] : [],
    )
    const settled = ({ job, score }: { job: string; score: string | undefined }) =>
      isNever(score) || (job !== publishJob && hasEnded(job))
    if (sources.every(hasEnded) && others.every(settled)) return
    await delay(50)
  }
}
