import { randomUUID } from "node:crypto"
import { claimImport, claimMilliseconds, endClaim, extendClaim } from "@tributary/shared/import/claim"
import type { RunScript } from "@tributary/shared/lease/scripts"
import { ImportJobs, type ImportJobsOptions } from "./import-jobs.ts"

export interface ImporterOptions extends ImportJobsOptions {
  run: RunScript
}

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
  readonly #jobs: ImportJobs
  readonly #running = new Map<string, RunningJob>()
  readonly #abort = new AbortController()
  #looking: Promise<void> | null = null
  #lookAgain = false

  constructor(options: ImporterOptions) {
    this.#options = options
    this.#jobs = new ImportJobs(options)
  }

  /** Jobs that run here now (`imports:due`). */
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
      const job = await claimImport(run, token)
      if (job === null || this.#abort.signal.aborted) return
      const running = this.#running.get(job)
      if (running === undefined) {
        const claim = { token, isDueAgain: false }
        const ended = this.#runClaimed(job, claim).finally(() => {
          this.#running.delete(job)
          this.look()
        })
        this.#running.set(job, { claim, ended })
        // The new claim took the place of the one that the job runs under, so the job goes on with it.
      } else Object.assign(running.claim, { token, isDueAgain: true } satisfies Claim)
    }
  }

  async #runClaimed(job: string, claim: Claim): Promise<void> {
    const { run, logger } = this.#options
    const lost = new AbortController()
    const signal = AbortSignal.any([this.#abort.signal, lost.signal])
    const hold = async () => {
      const isHeld = await extendClaim(run, job, claim.token)
      if (!isHeld) lost.abort()
      return isHeld
    }
    // A store that is away for a moment is no loss: the claim outlasts two failed extensions.
    const keep = setInterval(() => void hold().catch(() => undefined), claimMilliseconds / 3)
    try {
      const dueInSeconds = await this.#jobs.run(job, { hold, signal })
      if (!signal.aborted) await endClaim(run, job, claim.token, claim.isDueAgain ? 0 : dueInSeconds)
    } catch (error) {
      if (!signal.aborted)
        logger.warn("import could not be recorded; it is tried again", { source: job, error: String(error) })
    } finally {
      clearInterval(keep)
    }
  }
}
