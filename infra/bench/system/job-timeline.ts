import type { ImportStatus } from "@tributary/shared/store/records"

type Phase = ImportStatus["phase"]

/** When a job was first seen in a phase, in ms of the run's clock. */
export interface Seen {
  at: number
  job: string
  phase: Phase
  /** Of the run of the job that it was seen in. */
  startedAt: number
}

/** What was seen of jobs, in its order. */
export class JobTimeline {
  readonly seen: Seen[] = []

  /** Takes what the store says now; only what is new is kept. */
  look(statuses: ReadonlyMap<string, ImportStatus>, at: number): void {
    for (const [job, { phase, startedAt }] of statuses) {
      const last = this.seen.findLast((one) => one.job === job)
      if (last?.phase === phase && last.startedAt === startedAt) continue
      this.seen.push({ at, job, phase, startedAt })
    }
  }

  /** Seconds from a job's first sight in one phase to its last in another; null when it was in either never. */
  seconds(from: [job: string, phase: Phase], to: [job: string, phase: Phase]): number | null {
    const [start, end] = [this.#last(...from), this.#last(...to)]
    return start === undefined || end === undefined ? null : (end.at - start.at) / 1000
  }

  /** When a job was last seen to enter a phase, in seconds of the run's clock. */
  secondsAt(job: string, phase: Phase): number | null {
    const seen = this.#last(job, phase)
    return seen === undefined ? null : seen.at / 1000
  }

  #last(job: string, phase: Phase): Seen | undefined {
    return this.seen.findLast((one) => one.job === job && one.phase === phase)
  }
}
