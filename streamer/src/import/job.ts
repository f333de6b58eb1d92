import { Worker } from "node:worker_threads"
import type { Settings } from "@tributary/shared/config/settings"
import type { ProfileReport } from "@tributary/shared/store/records"
import type { OpenSource } from "../upstream/open-feed.ts"
import type { ImportErrorCode } from "./import-error.ts"
import type { Shaping } from "./publish/group-channels.ts"

export type Job =
  | { kind: "import"; id: string; source: OpenSource; settings: Settings; keptEntries: number }
  | { kind: "publish"; sources: string[]; shaping: Shaping }

export type JobResult =
  | { kind: "imported"; bytes: number; entries: number; report: ProfileReport | null }
  | { kind: "published"; channels: number | null }
  | { kind: "failed"; code: ImportErrorCode; message: string; detail: string | null }

/** What the worker thread says: questions on the way, and one result. */
export type JobMessage = JobResult | { kind: "may-write" }
export interface Answer {
  mayWrite: boolean
}

export interface RunJobOptions {
  edge: { url: string; secret: string }
  /** Asked before the result takes effect: false when another streamer does this job by now. */
  mayWrite: () => Promise<boolean>
  signal: AbortSignal
  now: number
}

/** Runs a job in a worker thread of its own; a crash of the thread is a failed job. */
export function runJob(job: Job, { edge, mayWrite, signal, now }: RunJobOptions): Promise<JobResult> {
  const failed = (detail: string): JobResult => ({
    kind: "failed",
    code: "interrupted",
    message: "the import broke off inside the streamer",
    detail,
  })
  if (signal.aborted) return Promise.resolve(failed("stopped before it began"))
  return new Promise((resolve) => {
    const worker = new Worker(new URL("./import-worker.ts", import.meta.url), {
      workerData: { job, edge, now },
    })
    let result: JobResult | undefined
    const abort = () => void worker.terminate()
    signal.addEventListener("abort", abort, { once: true })
    worker.on("message", async (message: JobMessage) => {
      if (message.kind !== "may-write") result = message
      else worker.postMessage({ mayWrite: await mayWrite().catch(() => false) } satisfies Answer)
    })
    worker.once("error", (error) => {
      result = failed(String(error))
    })
    worker.once("exit", (code) => {
      signal.removeEventListener("abort", abort)
      resolve(result ?? failed(`the worker thread exited with ${code}`))
    })
  })
}
