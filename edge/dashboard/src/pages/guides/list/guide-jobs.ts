import type { ImportRow } from "@tributary/shared/admin-api/imports"
import { count, fromNow } from "../../../parts/figures.ts"

/** How the import of guides stands: of those that are configured on their own (null: none is), and of each source's. */
export interface GuideJobs {
  own: ImportRow | null
  ofSources: (ImportRow & { source: string })[]
}

export function guideJobs(imports: readonly ImportRow[]): GuideJobs {
  const jobs = imports.filter(({ kind }) => kind === "guide")
  return {
    own: jobs.find(({ source }) => source === null) ?? null,
    ofSources: jobs.flatMap((job) => (job.source === null ? [] : [{ ...job, source: job.source }])),
  }
}

/** How a guide's last import went, in a few words; `now` in Unix milliseconds. */
export function jobInWords({ running, phase, entries, endedAt }: ImportRow, now: number): string {
  if (running) return `Being read: ${count(entries)} programmes so far`
  const when = endedAt === null ? "" : `, ${fromNow(endedAt, now)}`
  if (phase === "done") return `${count(entries)} programmes${when}`
  if (phase === "failed") return `Failed${when}`
  return "Not read yet"
}
