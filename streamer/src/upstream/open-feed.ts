import type { Feed } from "@tributary/shared/catalogue/entry"
import type { Settings } from "@tributary/shared/config/settings"
import type { SealedSource, SourceRecord } from "@tributary/shared/store/records"
import { feedAddress } from "./feed-address.ts"
import { fieldValue } from "./field-value.ts"
import { openStream } from "./open-stream.ts"
import type { OpenUpstream } from "./upstream.ts"

/** A source with its secrets, as the streamer holds it. */
export interface OpenSource {
  record: SourceRecord
  secret: SealedSource
}

/**
 * Opens a feed with one profile's credentials and the headers that source and entry ask for. It is open when video has
 * begun to come, so that until then another feed can be tried.
 */
export async function openFeed(
  feed: Feed,
  source: OpenSource,
  profile: string,
  settings: Settings,
  signal: AbortSignal,
): Promise<OpenUpstream> {
  const address = feedAddress(feed, source.secret, profile)
  if (!address.ok) return { ok: false, failure: { code: "bad_address" } }
  return await openStream({
    url: address.url,
    headers: upstreamHeaders(settings, source, feed),
    stallMilliseconds: settings.stallTimeout * 1000,
    hlsVariant: settings.hlsVariant,
    maxHeldBytes: settings.bufferSizePerStream,
    signal,
  })
}

/** Headers for a provider: settings, overridden by the source, overridden by the entry. */
export function upstreamHeaders(settings: Settings, source: OpenSource, feed?: Feed): Record<string, string> {
  const headers: Record<string, string> = { "user-agent": source.record.userAgent ?? settings.userAgent }
  if (settings.reqOrigin !== "") headers.origin = settings.reqOrigin
  if (settings.reqReferrer !== "") headers.referer = settings.reqReferrer
  for (const [name, value] of Object.entries({ ...source.secret.headers, ...feed?.headers }))
    headers[name.toLowerCase()] = value
  return Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, fieldValue(value)]))
}
