import { parentPort, workerData } from "node:worker_threads"
import { deriveKeys } from "@tributary/shared/secrets/keys"
import { EdgeClient } from "../store/edge-client.ts"
import { ImportError } from "./import-error.ts"
import { importSource } from "./import-source.ts"
import type { Answer, Job, JobMessage } from "./job.ts"
import { publishSnapshot } from "./publish/publish-snapshot.ts"

/** The worker thread's side of a job: parsing and rendering never hold up a stream. */
const port = parentPort
if (port === null) throw new Error("import-worker runs in a worker thread")
const { job, edge, now } = workerData as { job: Job; edge: { url: string; secret: string }; now: number }
const say = (message: JobMessage) => port.postMessage(message)

const mayWrite = () =>
  new Promise<boolean>((resolve) => {
    port.once("message", (answer: Answer) => resolve(answer.mayWrite))
    say({ kind: "may-write" })
  })

try {
  const client = new EdgeClient(edge.url, await deriveKeys(edge.secret))
  if (job.kind === "publish") {
    const channels = await publishSnapshot({ edge: client, ...job, mayPublish: mayWrite, now })
    say({ kind: "published", channels })
  } else {
    let bytes = 0
    const onBytes = (more: number) => {
      bytes += more
    }
    const imported = await importSource({ ...job, edge: client, onBytes, mayWrite, now })
    say({ kind: "imported", bytes, ...imported })
  }
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
