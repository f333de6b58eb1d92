import type { ImportRow } from "@tributary/shared/admin-api/imports"

type Job = Pick<ImportRow, "phase" | "running" | "dueAt">

export type ImportProgress = "underway" | "failed" | "done"

// What is stored of a job that is to run at once is of the time before.
const isUnderway = ({ running, dueAt }: Job) => running || dueAt === 0

/** How far a source is on its way into the playlist; undefined: its jobs are not known yet. */
export function importProgress(job: Job | undefined, publication: Job | undefined): ImportProgress {
  if (job === undefined || isUnderway(job)) return "underway"
  if (job.phase === "failed") return "failed"
  const isPublished = publication !== undefined && !isUnderway(publication)
  return job.phase === "done" && isPublished ? "done" : "underway"
}
