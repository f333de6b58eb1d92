import { Agent, errors, interceptors, request } from "undici"

export interface UpstreamRequest {
  url: string
  headers: Record<string, string>
  /** No answer, or no bytes, for so long is a failure. */
  stallMilliseconds: number
  signal: AbortSignal
}

/** Why an upstream did not open, or ended. Codes are stable; texts for the log are made from them. */
export type UpstreamFailure =
  | { code: "refused" | "unresolved" | "timeout" | "reset" | "bad_address" | "protocol_error" }
  | { code: "http_status"; status: number }
  | { code: "not_video"; what: "html" | "json" | "hls" | "dash" | "empty" | "unknown" }
  | { code: "stalled" | "ended" | "aborted" }

export type OpenResult = { ok: true; upstream: HttpUpstream } | { ok: false; failure: UpstreamFailure }

/** An open upstream connection. Who opened it must close it; `close` resolves when its socket is gone. */
export interface HttpUpstream {
  contentType: string
  /** Gives each chunk as it comes; resolves with the reason of the end. */
  read(onChunk: (chunk: Buffer) => void): Promise<UpstreamFailure>
  close(): Promise<void>
}

const maxRedirections = 5

/**
 * Opens one connection to a provider. It has an agent of its own, so that no other stream shares its
 * socket and closing it is certain; redirects (panels send to load balancers) are followed.
 */
export async function openHttp(target: UpstreamRequest): Promise<OpenResult> {
  const agent = new Agent({
    connections: 1,
    pipelining: 1,
    connectTimeout: target.stallMilliseconds,
    headersTimeout: target.stallMilliseconds,
    bodyTimeout: target.stallMilliseconds,
    // Panels' certificates are often expired or for another name, and the addresses are the user's own.
    connect: { rejectUnauthorized: false },
  })
  let closing: Promise<void> | undefined
  const close = () => {
    closing ??= agent.destroy()
    return closing
  }
  try {
    const response = await request(target.url, {
      dispatcher: agent.compose(interceptors.redirect({ maxRedirections })),
      headers: target.headers,
      signal: target.signal,
    })
    if (response.statusCode !== 200) {
      response.body.on("error", () => undefined)
      await close()
      return { ok: false, failure: { code: "http_status", status: response.statusCode } }
    }
    const contentType = String(response.headers["content-type"] ?? "").toLowerCase()
    return {
      ok: true,
      upstream: { contentType, close, read: (onChunk) => readBody(response.body, onChunk) },
    }
  } catch (error) {
    await close()
    return { ok: false, failure: failureOf(error) }
  }
}

function readBody(
  body: NodeJS.ReadableStream & { destroy(): void },
  onChunk: (chunk: Buffer) => void,
): Promise<UpstreamFailure> {
  return new Promise((resolve) => {
    body.on("data", onChunk)
    body.on("end", () => resolve({ code: "ended" }))
    body.on("error", (error) => resolve(failureOf(error)))
    body.on("close", () => resolve({ code: "ended" }))
  })
}

/** Sorts the errors of undici and of sockets, by their codes, never by their texts. */
function failureOf(error: unknown): UpstreamFailure {
  if (error instanceof errors.BodyTimeoutError) return { code: "stalled" }
  if (error instanceof errors.ConnectTimeoutError || error instanceof errors.HeadersTimeoutError)
    return { code: "timeout" }
  if (error instanceof errors.InvalidArgumentError) return { code: "bad_address" }
  if (error instanceof Error && error.name === "AbortError") return { code: "aborted" }
  const code = error instanceof Error && "code" in error ? String(error.code) : ""
  if (code === "ECONNREFUSED" || code === "EHOSTUNREACH" || code === "ENETUNREACH") return { code: "refused" }
  if (code === "ENOTFOUND" || code === "EAI_AGAIN") return { code: "unresolved" }
  if (code === "ETIMEDOUT") return { code: "timeout" }
  if (code === "ECONNRESET" || code === "EPIPE" || code === "UND_ERR_SOCKET") return { code: "reset" }
  if (error instanceof TypeError) return { code: "bad_address" }
  return { code: "protocol_error" }
}

/** One sentence without addresses, for logs and answers. */
export function describeFailure(failure: UpstreamFailure): string {
  switch (failure.code) {
    case "http_status":
      return `the provider answered ${failure.status}`
    case "not_video":
      return `the provider sent ${failure.what === "unknown" ? "something that is not MPEG-TS" : failure.what}`
    case "refused":
      return "the connection was refused"
    case "unresolved":
      return "the server's name could not be resolved"
    case "timeout":
      return "the provider did not answer in time"
    case "reset":
      return "the provider reset the connection"
    case "bad_address":
      return "the address is not valid"
    case "protocol_error":
      return "the provider's answer is not HTTP"
    case "stalled":
      return "no bytes came for too long"
    case "ended":
      return "the provider ended the stream"
    case "aborted":
      return "closed here"
  }
}
