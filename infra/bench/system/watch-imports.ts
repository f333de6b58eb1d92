import { setTimeout as delay } from "node:timers/promises"
import { createClient } from "@redis/client"
import { guideJob, keys, publishJob } from "@tributary/shared/store/keys"
import type { ImportStatus } from "@tributary/shared/store/records"
import type { System } from "../../e2e/system/start-system.ts"
import type { Opened } from "../shared.ts"
import { JobTimeline } from "./job-timeline.ts"

export interface ImportRun {
  /** From when the import was asked for until what came of it was published. */
  seconds: number
  /** Its clock begins when the import was asked for. */
  timeline: JobTimeline
  /** Of the source. */
  status: ImportStatus
}

export interface ImportWatch extends Opened {
  /** Waits until everything that is configured has been imported, well or badly, and published. */
  settled: () => Promise<void>
  /** Has the source imported now, and waits until it is published, its guide too; throws when it failed. */
  importNow: () => Promise<ImportRun>
}

// Redis itself is asked: the admin API would load the edge, which is at work.
const everyMilliseconds = 20
const longestMilliseconds = 10 * 60_000

export async function watchImports(system: System, source: string): Promise<ImportWatch> {
  const redis = createClient({ url: `redis://127.0.0.1:${system.ports.redis}` })
  // It also rejects what it is asked.
  redis.on("error", () => undefined)
  await redis.connect()
  const statuses = async () =>
    new Map(
      Object.entries(await redis.hGetAll(keys.importsStatus)).map(([job, text]) => [
        job,
        JSON.parse(text) as ImportStatus,
      ]),
    )

  async function importNow(): Promise<ImportRun> {
    const before = await statuses()
    const hasGuide = before.has(guideJob(source))
    const jobs = hasGuide ? [source, guideJob(source)] : [source]
    const from = performance.now()
    const timeline = new JobTimeline()
    await ask(system, `/api/sources/${source}/import`)
    while (performance.now() - from < longestMilliseconds) {
      const now = await statuses()
      const at = performance.now() - from
      timeline.look(newer(now, before), at)
      const ended = jobs.map((job) => endOf(job, now, before))
      const published = now.get(publishJob)
      const isPublished =
        ended.every((end) => end !== null) &&
        published?.phase === "done" &&
        published.startedAt >= Math.max(...ended.map(Number))
      if (isPublished) return { seconds: at / 1000, timeline, status: now.get(source) as ImportStatus }
      if (published?.phase === "failed") throw new Error(`publishing failed: ${published.error?.message}`)
      await delay(everyMilliseconds)
    }
    throw new Error(`not published in time: ${JSON.stringify([...(await statuses())])}`)
  }

  async function settled(): Promise<void> {
    const deadline = performance.now() + longestMilliseconds
    while (performance.now() < deadline) {
      const { [publishJob]: published, ...others } = Object.fromEntries(await statuses())
      const ends = Object.values(others).map(({ endedAt }) => endedAt ?? Number.POSITIVE_INFINITY)
      if (published?.phase === "done" && ends.length > 0 && published.startedAt >= Math.max(...ends)) return
      await delay(everyMilliseconds)
    }
    throw new Error(`not settled in time: ${JSON.stringify([...(await statuses())])}`)
  }

  return { settled, importNow, close: () => redis.close() }
}

type Statuses = ReadonlyMap<string, ImportStatus>

/** Jobs that began since. */
function newer(now: Statuses, before: Statuses): Statuses {
  return new Map([...now].filter(([job, { startedAt }]) => startedAt !== before.get(job)?.startedAt))
}

/** When the job's new run ended well; null while it has not. Throws when it failed. */
function endOf(job: string, now: Statuses, before: Statuses): number | null {
  const status = newer(now, before).get(job)
  if (status?.phase === "failed") throw new Error(`import of ${job} failed: ${status.error?.message}`)
  return status?.phase === "done" ? status.endedAt : null
}

async function ask(system: System, path: string): Promise<void> {
  const answer = await fetch(`${system.baseUrl}${path}`, {
    method: "POST",
    headers: { authorization: `Bearer ${system.adminToken}` },
  })
  if (!answer.ok) throw new Error(`${path} answered ${answer.status}: ${await answer.text()}`)
  await answer.body?.cancel()
}
