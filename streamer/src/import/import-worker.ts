import { randomUUID } from "node:crypto"
import { setPriority } from "node:os"
import { parentPort, workerData } from "node:worker_threads"
import { deriveKeys } from "@tributary/shared/secrets/keys"
import type { ImportStatus } from "@tributary/shared/store/records"
import { EdgeClient } from "../store/edge-client.ts"
import { fetchPieces } from "./fetch/fetch-pieces.ts"
import { LookupClient } from "./fetch/lookup.ts"
import { importGuides } from "./guide/import-guides.ts"
import { ImportError } from "./import-error.ts"
import { importSource } from "./import-source.ts"
import type { Answer, Job, JobMessage, JobResult } from "./job.ts"
import { publishSnapshot } from "./publish/publish-snapshot.ts"

// Linux gives each thread a priority of its own: the thread that carries the streams comes before this one, which is
// still not to starve beside the threads that compress for it.
const importNiceness = 3
setPriority(0, importNiceness)

/** The worker thread's side of a job: parsing and rendering never hold up a stream. */
const port = parentPort
if (port === null) throw new Error("import-worker runs in a worker thread")
const { job, edge, now } = workerData as { job: Job; edge: { url: string; secret: string }; now: number }
const say = (message: JobMessage) => port.postMessage(message)

// Unless a single step holds it up, which whoever waits for the result is to notice.
setInterval(() => say({ kind: "alive" }), 5_000).unref()

const names = new LookupClient((question) => say({ kind: "lookup", ...question }))
const asked: ((mayWrite: boolean) => void)[] = []
port.on("message", (answer: Answer) => {
  if (answer.kind === "lookup") names.answered(answer)
  else asked.shift()?.(answer.mayWrite)
})

const mayWrite = () =>
  new Promise<boolean>((resolve) => {
    asked.push(resolve)
    say({ kind: "may-write" })
  })

// Often enough for a progress bar, and no load on the thread that carries the streams.
const progressMilliseconds = 500
const progress = { phase: "fetching" as ImportStatus["phase"], bytes: 0, entries: 0 }
let saidAt = 0

function onProgress(more: { phase?: ImportStatus["phase"]; bytes?: number; entries?: number }): void {
  progress.bytes += more.bytes ?? 0
  progress.entries = more.entries ?? progress.entries
  const isNewPhase = more.phase !== undefined && more.phase !== progress.phase
  progress.phase = more.phase ?? progress.phase
  const at = performance.now()
  if (!isNewPhase && at - saidAt < progressMilliseconds) return
  saidAt = at
  say({ kind: "progress", ...progress })
}

async function run(client: EdgeClient): Promise<JobResult> {
  const generation = `${now.toString(36)}-${randomUUID().slice(0, 8)}`
  switch (job.kind) {
    case "source": {
      const imported = await importSource({
        ...job,
        ...{ edge: client, lookup: names.lookup, mayWrite, generation, now },
        onProgress: (bytes, entries) => onProgress({ bytes, entries }),
      })
      return { kind: "imported", ...imported }
    }
    case "guides": {
      const fetch = ({ url, headers }: { url: string; headers: Record<string, string> }) =>
        fetchPieces({ url, headers, lookup: names.lookup, onBytes: (bytes) => onProgress({ bytes }) })
      const { guides, problems } = await importGuides({
        ...job,
        ...{ edge: client, fetch, mayWrite, now },
        onProgress: ({ entries }) => onProgress(entries === undefined ? {} : { entries }),
      })
      const entries = guides.reduce((sum, { programmes }) => sum + programmes, 0)
      return { kind: "imported", entries, report: null, problems }
    }
    case "publish": {
      const onPhase = (phase: ImportStatus["phase"]) => onProgress({ phase })
      const channels = await publishSnapshot({ ...job, edge: client, mayPublish: mayWrite, onPhase, now })
      return { kind: "published", channels }
    }
  }
}

try {
  const result = await run(new EdgeClient(edge.url, await deriveKeys(edge.secret)))
  say({ kind: "progress", ...progress })
  say(result)
} catch (error) {
  const known = error instanceof ImportError
  say({
    kind: "failed",
    code: known ? error.code : "interrupted",
    message: known ? error.message : "the import broke off inside the streamer",
    detail: known ? null : String(error instanceof Error ? error.stack : error),
  })
}
port.close()
