import { Socket } from "node:net"
import { Agent, buildConnector, type Dispatcher, errors, request } from "undici"

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
const redirections = new Set([301, 302, 303, 307, 308])

/**
 * Opens one connection to a provider. It has an agent of its own, so that no other stream shares its
 * socket and closing it is certain; redirects (panels send to load balancers) are followed.
 */
export async function openHttp(target: UpstreamRequest): Promise<OpenResult> {
  const sockets = new Set<Socket>()
  const agent = new Agent({
    connections: 1,
    pipelining: 1,
    headersTimeout: target.stallMilliseconds,
    bodyTimeout: target.stallMilliseconds,
    connect: trackedConnector(sockets, target.stallMilliseconds),
  })
  let closing: Promise<void> | undefined
  const close = () => {
    closing ??= agent.destroy().then(() => gone(sockets))
    return closing
  }
  try {
    const response = await follow(agent, target)
    if (response.statusCode !== 200) {
      await close()
      return { ok: false, failure: { code: "http_status", status: response.statusCode } }
    }
    const contentType = String(response.headers["content-type"] ?? "").toLowerCase()
    return { ok: true, upstream: { contentType, close, read: bodyReader(response.body) } }
  } catch (error) {
    await close()
    return { ok: false, failure: failureOf(error) }
  }
}

/** Knows every socket, also one that is still being connected: the agent forgets those when it is destroyed. */
function trackedConnector(sockets: Set<Socket>, timeout: number): buildConnector.connector {
  // Panels' certificates are often expired or for another name, and the addresses are the user's own.
  const connect = buildConnector({ timeout, allowH2: false, rejectUnauthorized: false })
  return (options, callback) => {
    const socket: unknown = connect(options, callback)
    if (!(socket instanceof Socket)) return
    sockets.add(socket)
    socket.once("close", () => sockets.delete(socket))
  }
}

async function gone(sockets: ReadonlySet<Socket>): Promise<void> {
  const closed = [...sockets].map(
    (socket) => new Promise<void>((resolve) => socket.once("close", () => resolve())),
  )
  for (const socket of sockets) socket.destroy()
  await Promise.all(closed)
}

/** The first answer that is not a redirect, or the last redirect when there are too many. */
async function follow(dispatcher: Agent, target: UpstreamRequest): Promise<Dispatcher.ResponseData> {
  let url = new URL(target.url)
  let headers = target.headers
  for (let redirected = 0; ; redirected++) {
    const response = await request(url, { dispatcher, headers, signal: target.signal })
    // Whatever happens to a body that nobody reads yet must not be an unhandled error.
    response.body.on("error", () => undefined)
    const location = redirections.has(response.statusCode) ? response.headers.location : undefined
    if (typeof location !== "string" || redirected === maxRedirections) return response
    // The body of a redirect is of no interest, and some never end it.
    response.body.destroy()
    const next = new URL(location, url)
    if (next.origin !== url.origin) headers = withoutLogin(headers)
    url = next
  }
}

function withoutLogin(headers: Record<string, string>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(headers).filter(([name]) => !["authorization", "cookie"].includes(name.toLowerCase())),
  )
}

/** Watches the body from now on, so that an end that comes before it is read is not lost. */
function bodyReader(body: Dispatcher.ResponseData["body"]): HttpUpstream["read"] {
  const ended = new Promise<UpstreamFailure>((resolve) => {
    body.on("end", () => resolve({ code: "ended" }))
    body.on("error", (error) => resolve(failureOf(error)))
    body.on("close", () => resolve({ code: "ended" }))
  })
  return (onChunk) => {
    body.on("data", onChunk)
    return ended
  }
}

/** Sorts the errors of undici and of sockets, by their codes, never by their texts. */
function failureOf(error: unknown): UpstreamFailure {
  if (error instanceof errors.BodyTimeoutError) return { code: "stalled" }
  if (error instanceof errors.ConnectTimeoutError || error instanceof errors.HeadersTimeoutError)
    return { code: "timeout" }
  if (error instanceof errors.InvalidArgumentError) return { code: "bad_address" }
  if (error instanceof errors.ClientDestroyedError) return { code: "aborted" }
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
