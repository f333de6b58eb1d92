import { recordComment } from "@tributary/shared/store/record-comment"
import { z } from "zod"
import type { Ask } from "../metadata/ask-patiently.ts"

export interface CloudflareOptions {
  ask: Ask
  /** Base URL of the API, without a slash at the end. */
  url: string
  zone: string
  token: string
  answerMilliseconds: number
}

/** Where a name leads to. */
export interface AddressRecord {
  name: string
  /** IPv4. */
  address: string
}

/** `isFault`: it may go well a moment later; after `retryAfterSeconds`, where the API says so. */
export type RecordsResult<Value> =
  | { ok: true; value: Value }
  | { ok: false; message: string; isFault: boolean; retryAfterSeconds: number | null }

const answerSchema = z.object({
  success: z.boolean(),
  errors: z.array(z.object({ code: z.number(), message: z.string() })).nullish(),
  result: z.unknown(),
})
const listSchema = z.array(z.object({ id: z.string(), content: z.string() }))

const ttlSeconds = 60

/** A records of one zone, by Cloudflare's API v4. */
export class CloudflareRecords {
  readonly #options: CloudflareOptions

  constructor(options: CloudflareOptions) {
    this.#options = options
  }

  /** The A records of a name. */
  async find(name: string): Promise<RecordsResult<{ id: string; content: string }[]>> {
    const query = new URLSearchParams({ type: "A", name })
    const answer = await this.#call("GET", `?${query}`)
    if (!answer.ok) return answer
    const parsed = listSchema.safeParse(answer.value)
    return parsed.success ? { ok: true, value: parsed.data } : unexpected
  }

  create(record: AddressRecord): Promise<RecordsResult<unknown>> {
    return this.#call("POST", "", bodyOf(record))
  }

  replace(id: string, record: AddressRecord): Promise<RecordsResult<unknown>> {
    return this.#call("PUT", `/${id}`, bodyOf(record))
  }

  /** What is gone already counts as removed. */
  async remove(id: string): Promise<RecordsResult<unknown>> {
    const answer = await this.#call("DELETE", `/${id}`)
    return !answer.ok && answer.message === notFound ? { ok: true, value: null } : answer
  }

  async #call(method: string, path: string, body?: object): Promise<RecordsResult<unknown>> {
    const { ask, url, zone, token, answerMilliseconds } = this.#options
    let response: Response
    let text: string
    try {
      response = await ask(`${url}/zones/${zone}/dns_records${path}`, {
        method,
        headers: { authorization: `Bearer ${token}`, "content-type": "application/json" },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
        signal: AbortSignal.timeout(answerMilliseconds),
      })
      text = await response.text()
    } catch {
      return { ok: false, message: "it does not answer", isFault: true, retryAfterSeconds: null }
    }
    const { status } = response
    const answer = answerSchema.safeParse(parseJson(text))
    if (response.ok && answer.success && answer.data.success) return { ok: true, value: answer.data.result }
    if (response.ok) return unexpected
    const isFault = status === 408 || status === 429 || status >= 500
    const said = answer.data?.errors?.[0]
    const message = said === undefined ? `it answers ${status}` : `${said.message} (${said.code})`
    const seconds = Number(response.headers.get("retry-after") ?? Number.NaN)
    const retryAfterSeconds = Number.isFinite(seconds) ? seconds : null
    return { ok: false, message: status === 404 ? notFound : message, isFault, retryAfterSeconds }
  }
}

const notFound = "there is no such zone or record"
const unexpected = {
  ok: false,
  message: "it answers something else than the API does",
  isFault: true,
  retryAfterSeconds: null,
} as const

// Not proxied: the CDN's terms keep video off it.
const bodyOf = ({ name, address }: AddressRecord) => ({
  ...{ type: "A", name, content: address, ttl: ttlSeconds, proxied: false, comment: recordComment },
})

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return null
  }
}
