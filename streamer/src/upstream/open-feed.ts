import type { Feed } from "@tributary/shared/catalogue/entry"
import type { Settings } from "@tributary/shared/config/settings"
import type { SealedSource, SourceRecord } from "@tributary/shared/store/records"
import { feedAddress } from "./feed-address.ts"
import { type OpenResult, openHttp } from "./open-http.ts"
import type { UpstreamFailure } from "./upstream.ts"

/** A source with its secrets, as the streamer holds it. */
export interface OpenSource {
  record: SourceRecord
  secret: SealedSource
}

/** Opens a feed with one profile's credentials and the headers that source and entry ask for. */
export async function openFeed(
  feed: Feed,
  source: OpenSource,
  profile: string,
  settings: Settings,
  signal: AbortSignal,
): Promise<OpenResult> {
  const address = feedAddress(feed, source.secret, profile)
  if (!address.ok) return { ok: false, failure: { code: "bad_address" } }
  const result = await openHttp({
    url: address.url,
    headers: upstreamHeaders(settings, source, feed),
    stallMilliseconds: settings.stallTimeout * 1000,
    signal,
  })
  if (!result.ok) return result
  const failure = notVideo(result.upstream.contentType)
  if (failure === null) return result
  await result.upstream.close()
  return { ok: false, failure }
}

/** Headers for a provider: settings, overridden by the source, overridden by the entry. */
export function upstreamHeaders(settings: Settings, source: OpenSource, feed?: Feed): Record<string, string> {
  const headers: Record<string, string> = { "user-agent": source.record.userAgent ?? settings.userAgent }
  if (settings.reqOrigin !== "") headers.origin = settings.reqOrigin
  if (settings.reqReferrer !== "") headers.referer = settings.reqReferrer
  for (const [name, value] of Object.entries({ ...source.secret.headers, ...feed?.headers }))
    headers[name.toLowerCase()] = value
  return headers
}

/** What the content type gives away at once; a wrong type with a good body is common, so most pass. */
function notVideo(contentType: string): UpstreamFailure | null {
  if (contentType.startsWith("text/html")) return { code: "not_video", what: "html" }
  if (contentType.startsWith("application/json")) return { code: "not_video", what: "json" }
  if (contentType.includes("mpegurl")) return { code: "not_video", what: "hls" }
  if (contentType.includes("dash+xml")) return { code: "not_video", what: "dash" }
  return null
}
