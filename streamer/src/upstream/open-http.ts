import { Socket } from "node:net"
import { Agent, buildConnector, type Dispatcher, errors, request } from "undici"
import type { Upstream, UpstreamFailure } from "./upstream.ts"

export interface UpstreamRequest {
  url: string
  headers: Record<string, string>
  /** No answer, or no bytes, for so long is a failure. */
  stallMilliseconds: number
  /** Gives up opening it; once it is open, `close` ends it. */
  signal: AbortSignal
}

export type OpenResult = { ok: true; upstream: HttpUpstream } | { ok: false; failure: UpstreamFailure }

/** One open connection, whose bytes are whatever the provider sends. */
export interface HttpUpstream extends Upstream {
  contentType: string
}

const maxRedirections = 5
const redirections = new Set([301, 302, 303, 307, 308])

/**
 * Opens one connection to a provider. It has an agent of its own, so that no other stream shares its
 * socket and closing it is certain; redirects (panels send to load balancers) are followed.
 */
export async function openHttp(target: UpstreamRequest): Promise<OpenResult> {
  const connection: Connection = { sockets: new Set(), error: null }
  const agent = new Agent({
    connections: 1,
    pipelining: 1,
    // Undici's own time-outs are up to a second late, so there are better ones below.
    headersTimeout: 0,
    bodyTimeout: 0,
    connect: trackedConnector(connection),
  })
  let closing: Promise<void> | undefined
  const close = () => {
    closing ??= Promise.all([agent.destroy(), gone(connection.sockets)]).then(() => undefined)
    return closing
  }
  // Not by the request's own signal: it is not heeded before the request is connected.
  const giveUp = () => void close()
  target.signal.addEventListener("abort", giveUp, { once: true })
  let isLate = false
  const patience = setTimeout(() => {
    isLate = true
    giveUp()
  }, target.stallMilliseconds)
  try {
    const response = await follow(agent, target, () => void patience.refresh())
    if (response.statusCode !== 200) {
      await close()
      return { ok: false, failure: { code: "http_status", status: response.statusCode } }
    }
    const contentType = String(response.headers["content-type"] ?? "").toLowerCase()
    return {
      ok: true,
      upstream: { contentType, close, read: bodyReader(response.body, connection, target.stallMilliseconds) },
    }
  } catch (error) {
    await close()
    if (target.signal.aborted) return { ok: false, failure: { code: "aborted" } }
    return { ok: false, failure: isLate ? { code: "timeout" } : failureOf(error) }
  } finally {
    clearTimeout(patience)
    target.signal.removeEventListener("abort", giveUp)
  }
}

/** The sockets of one upstream (one, but for redirects), and the error that the last one broke with. */
interface Connection {
  sockets: Set<Socket>
  error: Error | null
}

/** Knows every socket, also one that is still being connected: the agent forgets those when it is destroyed. */
function trackedConnector(connection: Connection): buildConnector.connector {
  // Panels' certificates are often expired or for another name, and the addresses are the user's own.
  const connect = buildConnector({ timeout: 0, allowH2: false, rejectUnauthorized: false })
  return (options, callback) => {
    const socket: unknown = connect(options, callback)
    if (!(socket instanceof Socket)) return
    connection.sockets.add(socket)
    socket.once("close", () => connection.sockets.delete(socket))
    socket.on("error", (error) => {
      // Errors of the system, not those by which undici closes a socket that has served.
      if ("errno" in error) connection.error = error
    })
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
async function follow(
  dispatcher: Agent,
  target: UpstreamRequest,
  onRedirect: () => void,
): Promise<Dispatcher.ResponseData> {
  let url = new URL(target.url)
  let headers = target.headers
  for (let redirected = 0; ; redirected++) {
    target.signal.throwIfAborted()
    const response = await request(url, { dispatcher, headers })
    // Whatever happens to a body that nobody reads yet must not be an unhandled error.
    response.body.on("error", () => undefined)
    const location = redirections.has(response.statusCode) ? response.headers.location : undefined
    if (typeof location !== "string" || redirected === maxRedirections) return response
    // The body of a redirect is of no interest, and some never end it.
    response.body.destroy()
    const next = new URL(location, url)
    if (next.origin !== url.origin) headers = withoutLogin(headers)
    url = next
    onRedirect()
  }
}

function withoutLogin(headers: Record<string, string>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(headers).filter(([name]) => !["authorization", "cookie"].includes(name.toLowerCase())),
  )
}

/** Watches the body from now on, so that an end that comes before it is read is not lost. */
function bodyReader(
  body: Dispatcher.ResponseData["body"],
  connection: Readonly<Connection>,
  stallMilliseconds: number,
): HttpUpstream["read"] {
  const ended = new Promise<UpstreamFailure>((resolve) => {
    // Where a body is as long as its connection, undici takes a reset for its end.
    const end = () => resolve(connection.error === null ? { code: "ended" } : failureOf(connection.error))
    body.on("end", end)
    body.on("error", (error) => resolve(failureOf(error)))
    body.on("close", end)
  })
  return (onChunk) => {
    const stalled = Promise.withResolvers<UpstreamFailure>()
    const patience = setTimeout(() => stalled.resolve({ code: "stalled" }), stallMilliseconds)
    body.on("data", (chunk: Buffer) => {
      patience.refresh()
      onChunk(chunk)
    })
    return Promise.race([ended, stalled.promise]).finally(() => clearTimeout(patience))
  }
}

/** Sorts the errors of undici and of sockets, by their codes, never by their texts. */
function failureOf(error: unknown): UpstreamFailure {
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
