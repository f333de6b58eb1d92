import { CookieJar } from "tough-cookie"
import { Agent, type Dispatcher, request } from "undici"
import type { UpstreamFailure } from "../upstream.ts"
import { type AnswerTap, tapHeader } from "./answer-tap.ts"
import { type Connections, destroyAll, trackedConnector } from "./connect.ts"
import { failureOf } from "./failure-of.ts"
import { type BodyStage, HeldBody } from "./held-body.ts"
import { Slots } from "./slots.ts"

export interface HttpSessionOptions {
  /** Of the address that the headers are meant for: a login goes to no other server. */
  url: string
  headers: Record<string, string>
  /** No answer, or no bytes, for so long is a failure. */
  stallMilliseconds: number
  /** Requests at once, and connections to one server. */
  maxRequests: number
  /** Of each body, before somebody reads it. */
  maxHeldBytes: number
}

export interface HttpAnswer {
  status: number
  contentType: string
  /** By their names in lower case. */
  headers: Readonly<Record<string, string>>
  /** Where redirects led. */
  url: string
  body: HeldBody
}

export interface HttpRequest {
  url: string
  headers?: Record<string, string>
  /** Statuses beyond 2xx that are an answer, too. */
  accepts?: readonly number[]
  /** What is to be done to the body of an answer with this status. */
  stages?: (status: number) => BodyStage[]
}

export type HttpResult = { ok: true; answer: HttpAnswer } | { ok: false; failure: UpstreamFailure }

const maxRedirections = 5
const redirections = new Set([301, 302, 303, 307, 308])
// A body that nobody reads is read to its end when it is this short, so that its connection can be used again.
const shortBodyBytes = 16 * 1024
const keepAliveMilliseconds = 30_000

/**
 * All requests of one upstream: its own connections, which no other upstream shares, so that closing them is certain;
 * its own cookies; its headers; redirects (panels send to load balancers) are followed.
 */
export class HttpSession {
  readonly #options: HttpSessionOptions
  readonly #agent: Agent
  readonly #slots: Slots
  readonly #cookies = new CookieJar(undefined, { looseMode: true })
  readonly #connections: Connections = { sockets: new Set(), error: null, tapped: new Map() }
  readonly #closing = new AbortController()
  #closed: Promise<void> | undefined

  constructor(options: HttpSessionOptions) {
    this.#options = options
    this.#slots = new Slots(options.maxRequests)
    this.#agent = new Agent({
      connections: options.maxRequests,
      pipelining: 1,
      keepAliveTimeout: keepAliveMilliseconds,
      // Undici's own time-outs are up to a second late, so there are better ones below.
      headersTimeout: 0,
      bodyTimeout: 0,
      connect: trackedConnector(this.#connections, options.stallMilliseconds + 1_000),
    })
  }

  /** Idempotent; resolves when the sockets are gone. */
  close(): Promise<void> {
    this.#closing.abort()
    this.#closed ??= Promise.all([this.#agent.destroy(), destroyAll(this.#connections)]).then(() => undefined)
    return this.#closed
  }

  /**
   * Closes its connections, and so ends what is being asked or answered on them; resolves when they are gone. What is
   * asked for next has new ones.
   */
  async disconnect(): Promise<void> {
    await destroyAll(this.#connections)
  }

  /** Answers of other classes than 2xx are failures, unless they are wanted. A body must be read or cancelled: it is what takes the slot. */
  async get(wanted: HttpRequest): Promise<HttpResult> {
    const leaveSlot = await this.#slots.take()
    const late = Promise.withResolvers<HttpResult>()
    const isOver = new AbortController()
    const patience = setTimeout(() => {
      isOver.abort()
      late.resolve({ ok: false, failure: { code: "timeout" } })
    }, this.#options.stallMilliseconds)
    const given = this.#follow(wanted, isOver.signal, () => void patience.refresh()).catch(
      (error: unknown): HttpResult => ({ ok: false, failure: failureOf(error) }),
    )
    const result = await Promise.race([given, late.promise])
    clearTimeout(patience)
    given
      .then(async (settled) => {
        if (settled.ok && !result.ok) settled.answer.body.cancel()
        if (settled.ok) await settled.answer.body.over
      })
      .finally(leaveSlot)
      .catch(() => undefined)
    if (!result.ok && this.#closing.signal.aborted) return { ok: false, failure: { code: "aborted" } }
    return result
  }

  async #follow(wanted: HttpRequest, signal: AbortSignal, onRedirect: () => void): Promise<HttpResult> {
    let url = new URL(wanted.url)
    for (let redirected = 0; ; redirected++) {
      if (this.#closing.signal.aborted) return { ok: false, failure: { code: "aborted" } }
      const response = await request(url, {
        dispatcher: this.#agent,
        headers: { ...this.#headersFor(url), ...wanted.headers },
        signal,
      })
      // Whatever happens to a body that nobody reads yet must not be an unhandled error.
      response.body.on("error", () => undefined)
      this.#keepCookies(url, response)
      const { statusCode: status } = response
      if ((status >= 200 && status < 300) || wanted.accepts?.includes(status))
        return { ok: true, answer: this.#answer(url, response, wanted) }
      await discard(response)
      const location = redirections.has(status) ? response.headers.location : undefined
      if (typeof location !== "string" || redirected === maxRedirections)
        return { ok: false, failure: { code: "http_status", status } }
      url = new URL(location, url)
      onRedirect()
    }
  }

  #answer(
    url: URL,
    { statusCode, headers, body }: Dispatcher.ResponseData,
    { stages: stagesFor }: HttpRequest,
  ): HttpAnswer {
    const endsWithConnection =
      headers["content-length"] === undefined && headers["transfer-encoding"] === undefined
    if (endsWithConnection) this.#connections.error = null
    const endOf = (): UpstreamFailure => {
      const { error } = this.#connections
      return endsWithConnection && error !== null ? failureOf(error) : { code: "ended" }
    }
    const { stallMilliseconds, maxHeldBytes } = this.#options
    const stages = stagesFor?.(statusCode) ?? []
    const tap = this.#takeTap(headers[tapHeader])
    const stream = tap === null ? body : tap.stream(body)
    const length = tap?.length ?? null
    return {
      status: statusCode,
      contentType: String(headers["content-type"] ?? "").toLowerCase(),
      headers: { ...textsOf(headers), ...(length === null ? {} : { "content-length": String(length) }) },
      url: url.href,
      body: new HeldBody({ stream, endOf, failureOf, stages, stallMilliseconds, maxHeldBytes }),
    }
  }

  #takeTap(name: string | string[] | undefined): AnswerTap | null {
    const tap = this.#connections.tapped.get(String(name)) ?? null
    this.#connections.tapped.delete(String(name))
    return tap
  }

  #headersFor(url: URL): Record<string, string> {
    const headers = Object.fromEntries(
      Object.entries(this.#options.headers).map(([name, value]) => [name.toLowerCase(), value]),
    )
    if (url.origin !== new URL(this.#options.url).origin) {
      delete headers.authorization
      delete headers.cookie
    }
    const login = loginOf(url)
    if (login !== null) headers.authorization ??= `Basic ${Buffer.from(login).toString("base64")}`
    const cookies = [headers.cookie, this.#cookies.getCookieStringSync(url.href)].filter(Boolean).join("; ")
    if (cookies !== "") headers.cookie = cookies
    return headers
  }

  #keepCookies(url: URL, { headers }: Dispatcher.ResponseData): void {
    for (const cookie of [headers["set-cookie"] ?? []].flat())
      this.#cookies.setCookieSync(cookie, url.href, { ignoreError: true })
  }
}

function textsOf(headers: Dispatcher.ResponseData["headers"]): Record<string, string> {
  const fields = Object.entries(headers).map(([name, value]) => [
    name.toLowerCase(),
    [value ?? ""].flat().join(", "),
  ])
  return Object.fromEntries(fields) as Record<string, string>
}

/** Of "http://user:password@host/", which undici leaves out. */
function loginOf({ username, password }: URL): string | null {
  if (username === "" && password === "") return null
  try {
    return [username, password].map(decodeURIComponent).join(":")
  } catch {
    return `${username}:${password}`
  }
}

async function discard({ headers, body }: Dispatcher.ResponseData): Promise<void> {
  // Some never end the body of a redirect.
  if (Number(headers["content-length"] ?? Number.NaN) <= shortBodyBytes) await body.dump()
  else body.destroy()
}
