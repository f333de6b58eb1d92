import { Worker } from "node:worker_threads"
import type { ChannelEdit } from "@tributary/shared/catalogue/edit"
import type { Settings } from "@tributary/shared/config/settings"
import type { AccountReport, ImportStatus } from "@tributary/shared/store/records"
import type { OpenSource } from "../upstream/open-feed.ts"
import type { Provider } from "./catalogue/url-template.ts"
import { answerLookup, type LookupAnswer, type LookupQuestion } from "./fetch/lookup.ts"
import type { GuideAddress } from "./guide/import-guides.ts"
import type { ImportErrorCode } from "./import-error.ts"
import type { Shaping } from "./publish/channels/make-channels.ts"

export type Job =
  | { kind: "source"; id: string; source: OpenSource; settings: Settings; acceptShrunken: boolean }
  | {
      kind: "guides"
      owner: string | null
      addresses: GuideAddress[]
      /** The source whose guides they are: pictures must not show its server. */
      provider: Provider | null
    }
  | {
      kind: "publish"
      /** Enabled sources in their order. */
      sources: string[]
      /** All that are configured: what is stored of others goes. */
      configured: string[]
      /** Whether guides are configured on their own. */
      hasOwnGuides: boolean
      shaping: Shaping
      edits: Map<string, ChannelEdit>
    }

export type JobResult =
  | { kind: "imported"; entries: number; report: AccountReport | null; problems: string[] }
  | { kind: "published"; channels: number | null }
  | { kind: "failed"; code: ImportErrorCode; message: string; detail: string | null }

/** How far a job is; bytes are those that came so far. */
export type Progress = Pick<ImportStatus, "phase" | "bytes" | "entries">

/** What the worker thread says: questions and progress on the way, and one result. */
export type JobMessage =
  | JobResult
  | { kind: "may-write" }
  | ({ kind: "lookup" } & LookupQuestion)
  | ({ kind: "progress" } & Progress)
  /** Said every few seconds by a thread that is not stuck in a single step. */
  | { kind: "alive" }
export type Answer = { kind: "may-write"; mayWrite: boolean } | ({ kind: "lookup" } & LookupAnswer)

export interface RunJobOptions {
  edge: { url: string; secret: string }
  /** Asked before the result takes effect: false when another streamer does this job by now. */
  mayWrite: () => Promise<boolean>
  onProgress: (progress: Progress) => void
  signal: AbortSignal
  now: number
  /** A thread that says nothing for so long is ended. */
  silenceMilliseconds?: number
}

// Rendering a million entries on a busy machine keeps the thread for some tens of seconds.
const longestSilenceMilliseconds = 180_000

/** Runs a job in a worker thread of its own; a crash of the thread is a failed job. */
export function runJob(job: Job, options: RunJobOptions): Promise<JobResult> {
  const { edge, mayWrite, onProgress, signal, now } = options
  const { silenceMilliseconds = longestSilenceMilliseconds } = options
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
      // The heap holds little: catalogues are bytes outside of it.
      resourceLimits: { maxOldGenerationSizeMb: 1024, maxYoungGenerationSizeMb: 16 },
    })
    let result: JobResult | undefined
    const abort = () => void worker.terminate()
    signal.addEventListener("abort", abort, { once: true })
    const silence = setTimeout(() => {
      result = stuck(job, silenceMilliseconds)
      abort()
    }, silenceMilliseconds)
    worker.on("message", async (message: JobMessage) => {
      silence.refresh()
      const answer = (given: Answer) => worker.postMessage(given)
      if (message.kind === "progress") onProgress(message)
      else if (message.kind === "lookup")
        answerLookup(message, (given) => answer({ kind: "lookup", ...given }))
      else if (message.kind === "alive") return
      else if (message.kind !== "may-write") result = message
      else answer({ kind: "may-write", mayWrite: await mayWrite().catch(() => false) })
    })
    worker.once("error", (error) => {
      result = failed(String(error))
    })
    worker.once("exit", (code) => {
      clearTimeout(silence)
      signal.removeEventListener("abort", abort)
      resolve(result ?? failed(`the worker thread exited with ${code}`))
    })
  })
}

/** An expression can take longer for one name than the universe is old; nothing else of an import stands still. */
function stuck(job: Job, milliseconds: number): JobResult {
  const hasFilter =
    job.kind === "source" &&
    (job.source.record.include !== undefined || job.source.record.exclude !== undefined)
  const why = hasFilter ? "; include or exclude is probably an expression that takes far too long" : ""
  return {
    kind: "failed",
    code: "interrupted",
    message: `the import stood still for ${Math.round(milliseconds / 1000)} s and was ended${why}`,
    detail: null,
  }
}
