import { randomUUID } from "node:crypto"
import { claimImport, claimMilliseconds, endClaim, extendClaim } from "@tributary/shared/import/claim"
import type { RunScript } from "@tributary/shared/lease/scripts"
import type { Logger } from "@tributary/shared/log/log"
import { keys, publishJob } from "@tributary/shared/store/keys"
import type { ImportStatus } from "@tributary/shared/store/records"
import type { Redis } from "@upstash/redis"
import type { ConfigDirectory } from "../store/config-directory.ts"
import { type JobResult, runJob } from "./job.ts"

export interface ImporterOptions {
  run: RunScript
  redis: Redis
  edge: { url: string; secret: string }
  config: ConfigDirectory
  now: () => number
  logger: Logger
}

// Publishing has nothing to wait for: it is due when something was imported or removed.
const never = 100 * 365 * 86_400
const retryFailedSeconds = 15 * 60

/** Claims due imports, runs them in worker threads, and has their result published. */
export class Importer {
  readonly #options: ImporterOptions
  readonly #running = new Map<string, Promise<void>>()
  readonly #abort = new AbortController()
  #looking = false
  #lookAgain = false

  constructor(options: ImporterOptions) {
    this.#options = options
  }

  /** Jobs that run here now: source ids, and `*` for publishing. */
  get running(): string[] {
    return [...this.#running.keys()]
  }

  /** Looks for due imports now. */
  look(): void {
    if (this.#looking) {
      this.#lookAgain = true
      return
    }
    this.#looking = true
    this.#claimAll()
      .catch((error: unknown) =>
        this.#options.logger.warn("imports could not be claimed", { error: String(error) }),
      )
      .finally(() => {
        this.#looking = false
        if (!this.#lookAgain) return
        this.#lookAgain = false
        this.look()
      })
  }

  /** Stops what runs; its claims run out and another streamer takes them. */
  async close(): Promise<void> {
    this.#abort.abort()
    await Promise.allSettled(this.#running.values())
  }

  async #claimAll(): Promise<void> {
    const { run, config } = this.#options
    while (!this.#abort.signal.aborted && this.#running.size < config.settings.workerThreads) {
      const token = randomUUID()
      const source = await claimImport(run, token)
      if (source === null) return
      if (this.#running.has(source)) {
        // Something changed while it runs: it is due again, and claimed when the run under way has ended.
        await endClaim(run, source, token, 0)
        return
      }
      const job = this.#runClaimed(source, token).finally(() => {
        this.#running.delete(source)
        this.look()
      })
      this.#running.set(source, job)
    }
  }

  async #runClaimed(source: string, token: string): Promise<void> {
    const { run, logger } = this.#options
    const keep = setInterval(() => {
      extendClaim(run, source, token).catch(() => undefined)
    }, claimMilliseconds / 3)
    try {
      const dueInSeconds = source === publishJob ? await this.#publish(token) : await this.#import(source)
      if (!this.#abort.signal.aborted) await endClaim(run, source, token, dueInSeconds)
    } catch (error) {
      logger.warn("import could not be recorded; it is tried again", { source, error: String(error) })
    } finally {
      clearInterval(keep)
    }
  }

  /** Imports a source and records how it went; gives the seconds until it is due again. */
  async #import(id: string): Promise<number> {
    const { redis, config, now, logger } = this.#options
    const source = await config.source(id)
    if (source === undefined || !source.record.enabled) return never
    const startedAt = now()
    const last = await readStatus(redis, id)
    const keptEntries = last?.keptEntries ?? 0
    const status: ImportStatus = {
      phase: "fetching",
      startedAt,
      endedAt: null,
      bytes: 0,
      entries: 0,
      keptEntries,
      error: null,
    }
    await writeStatus(redis, id, status)
    const result = await this.#runJob({ kind: "import", id, source, settings: config.settings, keptEntries })
    const endedAt = now()
    if (this.#abort.signal.aborted) throw new Error("stopped")
    if (result.kind !== "imported") {
      const error = result.kind === "failed" ? { code: result.code, message: result.message } : null
      logger.warn("import failed", {
        source: id,
        code: error?.code,
        reason: error?.message,
        detail: result.kind === "failed" ? result.detail : null,
      })
      await writeStatus(redis, id, { ...status, phase: "failed", endedAt, error })
      return Math.min(retryFailedSeconds, config.settings.importRefreshInterval)
    }
    const { bytes, entries, report } = result
    if (report !== null) await redis.hset(keys.reports(id), { primary: JSON.stringify(report) })
    await writeStatus(redis, id, { ...status, phase: "done", endedAt, bytes, entries, keptEntries: entries })
    logger.info("import done", { source: id, entries, bytes, milliseconds: endedAt - startedAt })
    await redis.zadd(keys.importsDue, { score: 0, member: publishJob })
    return config.settings.importRefreshInterval
  }

  async #publish(token: string): Promise<number> {
    const { run, config, now, logger } = this.#options
    const startedAt = now()
    const { groupBy, sortField, sortDirection } = config.settings
    const sources = [...config.sources].flatMap(([id, { record }]) => (record.enabled ? [id] : []))
    const result = await this.#runJob(
      { kind: "publish", sources, shaping: { groupBy, sortField, sortDirection } },
      () => extendClaim(run, publishJob, token),
    )
    if (result.kind === "failed") {
      logger.error("publishing failed", { code: result.code, reason: result.message, detail: result.detail })
      return 30
    }
    if (result.kind === "published" && result.channels !== null)
      logger.info("snapshot published", { channels: result.channels, milliseconds: now() - startedAt })
    return never
  }

  #runJob(
    job: Parameters<typeof runJob>[0],
    mayPublish: () => Promise<boolean> = () => Promise.resolve(false),
  ): Promise<JobResult> {
    const { edge, now } = this.#options
    return runJob(job, { edge, mayPublish, signal: this.#abort.signal, now: now() })
  }
}

async function readStatus(redis: Redis, source: string): Promise<ImportStatus | null> {
  const text = await redis.hget<string>(keys.importsStatus, source)
  return text === null ? null : (JSON.parse(text) as ImportStatus)
}

async function writeStatus(redis: Redis, source: string, status: ImportStatus): Promise<void> {
  await redis.hset(keys.importsStatus, { [source]: JSON.stringify(status) })
}
