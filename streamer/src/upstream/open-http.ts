import { HttpSession } from "./http/http-session.ts"
import { untilAborted } from "./until-aborted.ts"
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

// Before somebody reads it.
const maxHeldBytes = 1024 * 1024

/** Opens one connection and follows its redirects; what comes is not looked at. */
export async function openHttp(target: UpstreamRequest): Promise<OpenResult> {
  const { url, headers, stallMilliseconds, signal } = target
  if (signal.aborted) return { ok: false, failure: { code: "aborted" } }
  if (!URL.canParse(url)) return { ok: false, failure: { code: "bad_address" } }
  const session = new HttpSession({ url, headers, stallMilliseconds, maxRequests: 1, maxHeldBytes })
  const close = () => session.close()
  const result = await untilAborted(signal, close, () => session.get({ url }))
  if (result.ok) {
    const { contentType, body } = result.answer
    return { ok: true, upstream: { contentType, close, read: (onChunk) => body.read(onChunk) } }
  }
  await close()
  return result
}
