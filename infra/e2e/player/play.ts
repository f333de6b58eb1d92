import type { IncomingMessage } from "node:http"
import { createStreamChecker, type StreamReport } from "./check-stream.ts"
import { openRequest } from "./open-request.ts"
import { type BodyReader, readFreely, readSlowly } from "./read-body.ts"
import { roundMs } from "./stream-report.ts"
import { createWaiters } from "./waiters.ts"

const MAX_ERROR_BODY_BYTES = 64 * 1024
const ERROR_TEXT_CHARACTERS = 300

export interface PlayOptions {
  /** Stop after this time from the request on; `ended` is then `time`. */
  readonly seconds?: number
  /** Stop when this many bytes came; `ended` is then `bytes`. */
  readonly untilBytes?: number
  /** Stop when it is aborted; `ended` is then `closed`. */
  readonly signal?: AbortSignal
  readonly headers?: Readonly<Record<string, string>>
  /** Read no faster: a slow viewer. */
  readonly readBytesPerSecond?: number
  /** Stop reading, but stay connected, once this many bytes came, until `resume()`. */
  readonly pause?: { readonly afterBytes: number }
  readonly method?: string
  /** True by default. False takes a redirect for the answer. */
  readonly followRedirects?: boolean
  /** Each chunk of the body as it is read. */
  readonly onChunk?: (chunk: Buffer) => void
  /** A clock in ms. */
  readonly now?: () => number
}

export type Ending = "time" | "bytes" | "end" | "error" | "status" | "closed"

export interface PlayReport extends StreamReport {
  readonly url: string
  /** The address that answered, after redirects. */
  readonly finalUrl: string
  /** 0 until an answer came. */
  readonly status: number
  readonly headers: Readonly<Record<string, string | string[] | undefined>>
  readonly contentType: string | null
  readonly acceptRanges: string | null
  readonly contentLength: string | null
  readonly location: string | null
  /** "STATUS HOST" of each redirect that was followed. */
  readonly redirects: readonly string[]
  /** Null while it plays. */
  readonly ended: Ending | null
  /** The code of the error, or the beginning of the body of an answer other than 200. */
  readonly error: string | null
  /** The body of an answer other than 200: parsed when it is JSON, else text. */
  readonly body: unknown
  /** From the request to the end, or to now. */
  readonly seconds: number
}

export interface Player {
  report(): PlayReport
  /** Destroys the connection; resolves when its sockets are gone. May be called again. */
  close(): Promise<PlayReport>
  pause(): void
  resume(): void
  /** When the first body byte came, in ms from the request on; null when none ever came. */
  readonly firstByte: Promise<number | null>
  /** Resolves when it has ended and its sockets are gone; it never rejects. */
  readonly ended: Promise<PlayReport>
  /** The first report that satisfies `predicate`; rejects on time-out, or when it ends without. */
  waitFor(predicate: (report: PlayReport) => boolean, timeoutMs: number): Promise<PlayReport>
}

/** Plays `url` to its end, or to the limit that `options` names, and tells what it saw. */
export async function play(url: string, options: PlayOptions = {}): Promise<PlayReport> {
  return await openPlayer(url, options).ended
}

/** Starts to play `url` and returns at once. Who opens it closes it, unless a limit ends it. */
export function openPlayer(url: string, options: PlayOptions = {}): Player {
  const now = options.now ?? (() => performance.now())
  const startedAt = now()
  const checker = createStreamChecker({ now, startedAt })
  const firstByte = Promise.withResolvers<number | null>()
  const ended = Promise.withResolvers<PlayReport>()
  const waiters = createWaiters(report)
  const redirects: string[] = []
  let answer: { response: IncomingMessage; url: URL } | null = null
  let outcome: { ending: Ending; error: string | null; body: unknown; seconds: number } | null = null
  let reader: BodyReader | null = null
  let bytes = 0
  let pauseAfter = options.pause?.afterBytes ?? Number.POSITIVE_INFINITY

  const request = openRequest(
    new URL(url),
    {
      method: options.method ?? "GET",
      headers: { "user-agent": "tributary-player", ...options.headers },
      followRedirects: options.followRedirects ?? true,
    },
    {
      onRedirect: (status, location) => void redirects.push(`${status} ${location.host}`),
      onError: (error) => finish("error", error.code ?? error.message),
      onResponse: take,
    },
  )
  const deadline =
    options.seconds === undefined ? undefined : setTimeout(() => finish("time"), options.seconds * 1000)
  const onAbort = () => finish("closed")
  if (options.signal?.aborted) onAbort()
  options.signal?.addEventListener("abort", onAbort)

  function take(response: IncomingMessage, from: URL): void {
    answer = { response, url: from }
    response.on("error", (error: NodeJS.ErrnoException) => finish("error", error.code ?? error.message))
    if (response.statusCode === 200) play200(response)
    else collectError(response)
    waiters.check()
  }

  function play200(response: IncomingMessage): void {
    response.on("end", () => finish("end"))
    reader =
      options.readBytesPerSecond === undefined
        ? readFreely(response, takeChunk)
        : readSlowly(response, takeChunk, { bytesPerSecond: options.readBytesPerSecond, now })
  }

  function takeChunk(chunk: Buffer): void {
    if (outcome !== null) return
    const at = now()
    checker.feed(chunk, at)
    options.onChunk?.(chunk)
    if (bytes === 0) firstByte.resolve(roundMs(at - startedAt))
    bytes += chunk.length
    if (bytes >= pauseAfter) {
      pauseAfter = Number.POSITIVE_INFINITY
      reader?.pause()
    }
    waiters.check()
    if (bytes >= (options.untilBytes ?? Number.POSITIVE_INFINITY)) finish("bytes")
  }

  function collectError(response: IncomingMessage): void {
    let text = ""
    response.setEncoding("utf8")
    response.on("data", (part: string) => {
      if (text.length < MAX_ERROR_BODY_BYTES) text += part
    })
    response.on("end", () => finish("status", text.slice(0, ERROR_TEXT_CHARACTERS), parseBody(text)))
  }

  function finish(ending: Ending, error: string | null = null, body: unknown = null): void {
    if (outcome !== null) return
    const at = now()
    outcome = { ending, error, body, seconds: (at - startedAt) / 1000 }
    // A viewer who is still waiting sees the silence; after the stream's own end there is none.
    checker.end(at, { silent: ending === "time" || ending === "closed" })
    clearTimeout(deadline)
    options.signal?.removeEventListener("abort", onAbort)
    reader?.stop()
    firstByte.resolve(null)
    waiters.end()
    // close() cannot fail: it only waits for sockets that it destroys.
    void request.close().then(() => ended.resolve(report()))
  }

  function report(): PlayReport {
    const headers = answer?.response.headers ?? {}
    return {
      ...checker.report(),
      url,
      finalUrl: (answer?.url ?? new URL(url)).href,
      status: answer?.response.statusCode ?? 0,
      headers,
      contentType: headers["content-type"] ?? null,
      acceptRanges: headers["accept-ranges"] ?? null,
      contentLength: headers["content-length"] ?? null,
      location: headers.location ?? null,
      redirects: [...redirects],
      ended: outcome?.ending ?? null,
      error: outcome?.error ?? null,
      body: outcome?.body ?? null,
      seconds: Math.round((outcome?.seconds ?? (now() - startedAt) / 1000) * 100) / 100,
    }
  }

  return {
    report,
    firstByte: firstByte.promise,
    ended: ended.promise,
    waitFor: waiters.waitFor,
    pause: () => reader?.pause(),
    resume: () => reader?.resume(),
    async close() {
      finish("closed")
      return await ended.promise
    },
  }
}

/** JSON where it is JSON, else the text itself. */
function parseBody(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return text
  }
}
