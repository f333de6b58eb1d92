import { randomUUID } from "node:crypto"
import { claimImport, claimMilliseconds, endClaim, extendClaim } from "@tributary/shared/import/claim"
import { LookOut } from "../store/look-out.ts"
import { ImportJobs, type ImportJobsOptions } from "./import-jobs.ts"

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
  readonly #options: ImportJobsOptions
  readonly #jobs: ImportJobs
  readonly #running = new Map<string, RunningJob>()
  readonly #abort = new AbortController()
  readonly #lookOut: LookOut

  constructor(options: ImportJobsOptions) {
    this.#options = options
    this.#jobs = new ImportJobs(options)
    this.#lookOut = new LookOut(
      () => this.#claimAll(),
      (error) => options.logger.warn("imports could not be claimed", { error: String(error) }),
    )
  }

  /** Jobs that run here now (`imports:due`). */
  get running(): string[] {
    return [...this.#running.keys()]
  }

  /** Looks for due imports now. */
  look(): void {
    this.#lookOut.look()
  }

  /** Stops what runs; its claims run out and another streamer takes them. */
  async close(): Promise<void> {
    this.#abort.abort()
    await this.#lookOut.ended()
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
    const hold = async (): Promise<boolean> => {
      const { token } = claim
      if (await extendClaim(run, job, token)) return true
      // The job may have been claimed anew for this very run, which is told so at the end of that look.
      await this.#lookOut.ended()
      if (claim.token !== token) return hold()
      lost.abort()
      return false
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
