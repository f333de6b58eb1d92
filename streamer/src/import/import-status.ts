import { keys } from "@tributary/shared/store/keys"
import type { ImportStatus } from "@tributary/shared/store/records"
import type { Redis } from "@upstash/redis"

// Each is a command of the store: enough for a progress bar that polls.
const progressMilliseconds = 2_000

/** How one run of a job goes, as the store and whoever asks `/api/imports` see it. */
export class StatusWriter {
  readonly #redis: Redis
  readonly #job: string
  readonly #now: () => number
  #status: ImportStatus
  #writtenAt: number
  #writing: Promise<unknown> = Promise.resolve()

  private constructor(redis: Redis, job: string, now: () => number, status: ImportStatus) {
    this.#redis = redis
    this.#job = job
    this.#now = now
    this.#status = status
    this.#writtenAt = now()
  }

  /** The run begins; what the last good one kept is still kept. */
  static async begin(
    redis: Redis,
    job: string,
    phase: ImportStatus["phase"],
    now: () => number,
  ): Promise<StatusWriter> {
    const text = await redis.hget<string>(keys.importsStatus, job)
    const keptEntries = text === null ? 0 : (JSON.parse(text) as ImportStatus).keptEntries
    const status = { phase, startedAt: now(), endedAt: null, bytes: 0, entries: 0, keptEntries, error: null }
    const writer = new StatusWriter(redis, job, now, status)
    await writer.#write()
    return writer
  }

  get status(): ImportStatus {
    return this.#status
  }

  /** Written at most every two seconds; a failure to write is made good by the next one. */
  progress(progress: Partial<ImportStatus>): void {
    const isNewPhase = progress.phase !== undefined && progress.phase !== this.#status.phase
    this.#status = { ...this.#status, ...progress }
    if (!isNewPhase && this.#now() - this.#writtenAt < progressMilliseconds) return
    this.#writing = this.#write().catch(() => undefined)
  }

  async end(result: Partial<ImportStatus> & { phase: "done" | "failed" }): Promise<void> {
    await this.#writing
    this.#status = { ...this.#status, ...result, endedAt: this.#now() }
    await this.#write()
  }

  async #write(): Promise<void> {
    this.#writtenAt = this.#now()
    await this.#redis.hset(keys.importsStatus, { [this.#job]: JSON.stringify(this.#status) })
  }
}
