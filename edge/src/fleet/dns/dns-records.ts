import { recordComment } from "@tributary/shared/store/record-comment"
import * as z from "zod"
import type { EdgeConfig } from "../../bindings.ts"

/** The DNS record of a streamer. */
export interface DnsRecord {
  id: string
  /** With the zone's name, without a dot at its end. */
  name: string
  /** Unix milliseconds, by Cloudflare's clock. */
  changedAt: number
}

/** Why Cloudflare did not do what it was asked. */
export type DnsFailure =
  /** 1,200 requests in five minutes are allowed for all programs of a user together. */
  | { code: "throttled"; retryAfterSeconds: number | null }
  | { code: "slow" }
  /** The token is wrong, or may not do this. */
  | { code: "refused"; status: number }
  | { code: "failed"; status: number | null }

export type DnsResult<Value> = { ok: true; value: Value } | { ok: false; failure: DnsFailure }

const recordsPerPage = 100
const mostPages = 20

const pageSchema = z.object({
  result: z.array(
    z.object({
      id: z.string(),
      name: z.string(),
      comment: z.string().nullish(),
      created_on: z.iso.datetime({ offset: true }),
      modified_on: z.iso.datetime({ offset: true }).optional(),
    }),
  ),
  result_info: z.object({ total_pages: z.number() }).optional(),
})

/** The records of a zone at Cloudflare. All calls together take `timeoutMilliseconds` at most. */
export class DnsRecords {
  readonly #records: string
  readonly #token: string
  readonly #signal: AbortSignal

  constructor(
    config: Pick<EdgeConfig, "CLOUDFLARE_API_URL" | "CLOUDFLARE_API_TOKEN" | "CLOUDFLARE_ZONE_ID">,
    timeoutMilliseconds: number,
  ) {
    this.#records = `${config.CLOUDFLARE_API_URL}/zones/${config.CLOUDFLARE_ZONE_ID ?? ""}/dns_records`
    this.#token = config.CLOUDFLARE_API_TOKEN ?? ""
    this.#signal = AbortSignal.timeout(timeoutMilliseconds)
  }

  /** Those of streamers below a domain. */
  async list(domain: string): Promise<DnsResult<DnsRecord[]>> {
    const records: DnsRecord[] = []
    for (let page = 1, pages = 1; page <= Math.min(pages, mostPages); page++) {
      const query = new URLSearchParams({
        ...{ "comment.exact": recordComment, "name.endswith": `.${domain}` },
        ...{ page: String(page), per_page: String(recordsPerPage) },
      })
      const answer = await this.#ask("GET", `?${query}`)
      if (!answer.ok) return answer
      const parsed = pageSchema.safeParse(answer.value)
      if (!parsed.success) return { ok: false, failure: { code: "failed", status: 200 } }
      pages = parsed.data.result_info?.total_pages ?? 1
      // Records are only deleted when they are ours beyond doubt: the filter of the query is looked at again.
      for (const { id, name, comment, created_on, modified_on } of parsed.data.result)
        if (comment === recordComment && name.endsWith(`.${domain}`))
          records.push({ id, name, changedAt: Date.parse(modified_on ?? created_on) })
    }
    return { ok: true, value: records }
  }

  /** Deletes one; it is well when it is gone already. */
  async delete(id: string): Promise<DnsResult<void>> {
    const answer = await this.#ask("DELETE", `/${id}`)
    if (answer.ok || (answer.failure.code === "failed" && answer.failure.status === 404))
      return { ok: true, value: undefined }
    return answer
  }

  async #ask(method: string, rest: string): Promise<DnsResult<unknown>> {
    try {
      const response = await fetch(`${this.#records}${rest}`, {
        method,
        headers: { authorization: `Bearer ${this.#token}` },
        signal: this.#signal,
      })
      if (response.ok) return { ok: true, value: await response.json() }
      await response.body?.cancel()
      return { ok: false, failure: failureOf(response) }
    } catch {
      return {
        ok: false,
        failure: this.#signal.aborted ? { code: "slow" } : { code: "failed", status: null },
      }
    }
  }
}

function failureOf({ status, headers }: Response): DnsFailure {
  if (status === 429) {
    const seconds = Number.parseInt(headers.get("retry-after") ?? "", 10)
    return { code: "throttled", retryAfterSeconds: Number.isNaN(seconds) ? null : seconds }
  }
  // 400 with code 9109 and the like, 401 and 403: which one it is depends on what is wrong with the token.
  return status === 401 || status === 403 ? { code: "refused", status } : { code: "failed", status }
}
