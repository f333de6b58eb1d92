import { randomUUID } from "node:crypto"
import { claimImport, claimMilliseconds, endClaim, extendClaim } from "@tributary/shared/import/claim"
import type { RunScript } from "@tributary/shared/lease/scripts"
import type { Logger } from "@tributary/shared/log/log"
import { keys, publishJob } from "@tributary/shared/store/keys"
import type { ImportStatus } from "@tributary/shared/store/records"
import type { Redis } from "@upstash/redis"
import type { ConfigDirectory } from "../store/config-directory.ts"
import { runJob } from "./job.ts"

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
const retryPublishSeconds = 30

/** The right to do one job; it changes hands when the job is claimed anew while it runs. */
interface Claim {
  token: string
  /** Something changed while the job ran: it has to run again. */
  isDueAgain: boolean
}

interface RunningJob {
  claim: Claim
  ended: Promise<void>
}

/** Claims due imports, runs them in worker threads, and has their result published. */
export class Importer {
  readonly #options: ImporterOptions
  readonly #running = new Map<string, RunningJob>()
  readonly #abort = new AbortController()
  #looking: Promise<void> | null = null
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
    if (this.#looking !== null) {
      this.#lookAgain = true
      return
    }
    this.#looking = this.#claimAll()
      .catch((error: unknown) =>
        this.#options.logger.warn("imports could not be claimed", { error: String(error) }),
      )
      .finally(() => {
        this.#looking = null
        if (!this.#lookAgain) return
        this.#lookAgain = false
        this.look()
      })
  }

  /** Stops what runs; its claims run out and another streamer takes them. */
  async close(): Promise<void> {
    this.#abort.abort()
    await this.#looking
    await Promise.all([...this.#running.values()].map(({ ended }) => ended))
  }

  async #claimAll(): Promise<void> {
    const { run, config } = this.#options
    while (!this.#abort.signal.aborted && this.#running.size < config.settings.workerThreads) {
      const token = randomUUID()
      const source = await claimImport(run, token)
      if (source === null || this.#abort.signal.aborted) return
      const running = this.#running.get(source)
      if (running === undefined) {
        const claim = { token, isDueAgain: false }
        const ended = this.#runClaimed(source, claim).finally(() => {
          this.#running.delete(source)
          this.look()
        })
        this.#running.set(source, { claim, ended })
        // The new claim took the place of the one that the job runs under, so the job goes on with it.
      } else Object.assign(running.claim, { token, isDueAgain: true } satisfies Claim)
    }
  }

  async #runClaimed(source: string, claim: Claim): Promise<void> {
    const { run, config, logger } = this.#options
    const lost = new AbortController()
    const signal = AbortSignal.any([this.#abort.signal, lost.signal])
    const hold = async () => {
      const isHeld = await extendClaim(run, source, claim.token)
      if (!isHeld) lost.abort()
      return isHeld
    }
    // A store that is away for a moment is no loss: the claim outlasts two failed extensions.
    const keep = setInterval(() => void hold().catch(() => undefined), claimMilliseconds / 3)
    const job = { hold, signal }
    try {
      // What made the job due may be newer than the last heartbeat.
      await config.refresh()
      const dueInSeconds = source === publishJob ? await this.#publish(job) : await this.#import(source, job)
      if (!signal.aborted) await endClaim(run, source, claim.token, claim.isDueAgain ? 0 : dueInSeconds)
    } catch (error) {
      if (!signal.aborted)
        logger.warn("import could not be recorded; it is tried again", { source, error: String(error) })
    } finally {
      clearInterval(keep)
    }
  }

  /** Imports a source and records how it went; gives the seconds until it is due again. */
  async #import(id: string, { hold, signal }: JobControl): Promise<number> {
    const { redis, config, edge, now, logger } = this.#options
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
    const job = { kind: "import", id, source, settings: config.settings, keptEntries } as const
    const result = await runJob(job, { edge, mayWrite: hold, signal, now: startedAt })
    const endedAt = now()
    if (signal.aborted) throw new Error("stopped")
    // Removed meanwhile: its status went with it, and must not come back.
    if (!(await redis.hexists(keys.sources, id))) return never
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
    // Before the status says "done": whoever waits for imports and their publication sees one that is due.
    await redis.zadd(keys.importsDue, { score: 0, member: publishJob })
    await writeStatus(redis, id, { ...status, phase: "done", endedAt, bytes, entries, keptEntries: entries })
    logger.info("import done", { source: id, entries, bytes, milliseconds: endedAt - startedAt })
    return config.settings.importRefreshInterval
  }

  async #publish({ hold, signal }: JobControl): Promise<number> {
    const { config, edge, now, logger } = this.#options
    const startedAt = now()
    const { groupBy, sortField, sortDirection } = config.settings
    const sources = [...config.sources].flatMap(([id, { record }]) => (record.enabled ? [id] : []))
    const job = { kind: "publish", sources, shaping: { groupBy, sortField, sortDirection } } as const
    const result = await runJob(job, { edge, mayWrite: hold, signal, now: startedAt })
    if (signal.aborted) throw new Error("stopped")
    if (result.kind === "failed") {
      logger.error("publishing failed", { code: result.code, reason: result.message, detail: result.detail })
      return retryPublishSeconds
    }
    if (result.kind === "published" && result.channels !== null)
      logger.info("snapshot published", { channels: result.channels, milliseconds: now() - startedAt })
    return never
  }
}

/** Of a job under a claim. */
interface JobControl {
  /** Extends the claim; false (and the job ends) when another streamer has it by now. */
  hold: () => Promise<boolean>
  signal: AbortSignal
}

async function readStatus(redis: Redis, source: string): Promise<ImportStatus | null> {
  const text = await redis.hget<string>(keys.importsStatus, source)
  return text === null ? null : (JSON.parse(text) as ImportStatus)
}

async function writeStatus(redis: Redis, source: string, status: ImportStatus): Promise<void> {
  await redis.hset(keys.importsStatus, { [source]: JSON.stringify(status) })
}
