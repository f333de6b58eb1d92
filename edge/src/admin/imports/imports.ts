import type { ImportRow } from "@tributary/shared/admin-api/imports"
import { redact } from "@tributary/shared/log/redact"
import { hashFields } from "@tributary/shared/store/hash-fields"
import { guideJob, keys, publishJob } from "@tributary/shared/store/keys"
import { readSourceRecords } from "@tributary/shared/store/read-config"
import type { ImportStatus } from "@tributary/shared/store/records"
import type { Context } from "hono"
import type { Bindings } from "../../bindings.ts"
import { type Edge, edgeOf } from "../../edge.ts"
import { fromStore } from "../../store-unavailable.ts"

/** What the store says of all jobs. */
interface JobRecords {
  due: ReadonlyMap<string, number>
  running: ReadonlyMap<string, string>
  status: ReadonlyMap<string, string>
}

// A job that nothing is planned for is due in a century (`importer.ts`).
const plannedMilliseconds = 10 * 365 * 86_400_000

/** `GET /api/imports`: what runs and how it went, in the order of sources, each with its guide's job. */
export async function listImports(context: Context<{ Bindings: Bindings }>): Promise<Response> {
  return context.json(await readImportRows(await edgeOf(context.env)))
}

/** What is stored of all jobs. */
export async function readImportRows({ redis }: Edge): Promise<ImportRow[]> {
  const [sources, due, running, status, time] = await fromStore(
    Promise.all([
      readSourceRecords(redis),
      redis.zrange<string[]>(keys.importsDue, 0, -1, { withScores: true }),
      redis.hgetall(keys.importsRunning),
      redis.hgetall(keys.importsStatus),
      redis.time(),
    ]),
  )
  const scores = [...hashFields(due)].map(([job, score]) => [job, Number(score)] as const)
  const records = { due: new Map(scores), running: hashFields(running), status: hashFields(status) }
  const now = Number(time[0]) * 1000 + Math.floor(Number(time[1]) / 1000)
  return importRows([...sources.keys()], records, now)
}

/** Jobs of guides are shown when there are any; sources and publishing always are. */
export function importRows(sources: readonly string[], records: JobRecords, now: number): ImportRow[] {
  const isThere = (job: string) => records.due.has(job) || records.status.has(job)
  const guide = (source: string | null) => {
    const id = guideJob(source)
    return isThere(id) ? [importRow(id, "guide", source, records, now)] : []
  }
  return [
    ...sources.flatMap((source) => [importRow(source, "source", source, records, now), ...guide(source)]),
    ...guide(null),
    importRow(publishJob, "publish", null, records, now),
  ]
}

function importRow(
  id: string,
  kind: ImportRow["kind"],
  source: string | null,
  records: JobRecords,
  now: number,
): ImportRow {
  const text = records.status.get(id)
  const status = text === undefined ? null : (JSON.parse(text) as ImportStatus)
  const score = records.due.get(id) ?? null
  // While a job runs, its score is the end of its claim, or 0 when it is to run again.
  const running = records.running.has(id) && (score === 0 || (score ?? 0) > now)
  const isPlanned = score !== null && score < now + plannedMilliseconds
  const startedAt = status?.startedAt ?? null
  const endedAt = status?.endedAt ?? null
  const until = endedAt ?? (running ? now : null)
  const error = status?.error ?? null
  return {
    id,
    kind,
    source,
    phase: status?.phase ?? "waiting",
    startedAt,
    endedAt,
    durationMs: startedAt === null || until === null ? null : Math.max(0, until - startedAt),
    bytes: status?.bytes ?? 0,
    entries: status?.entries ?? 0,
    keptEntries: status?.keptEntries ?? 0,
    error: error === null ? null : { code: error.code, message: redact(error.message) },
    problems: (status?.problems ?? []).map(redact),
    dueAt: !isPlanned || (running && score !== 0) ? null : score,
    running,
  }
}
