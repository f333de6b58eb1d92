import { primaryProfileId } from "../config/source-config.ts"
import { guideJob, publishJob } from "./keys.ts"
import type { OpenSource } from "./source-record.ts"

/**
 * What the importer has to do at once when a source is changed (`imports:due`): to read its list, to read its guide,
 * or only to publish what it has anew. `before` is null of a source that is new.
 */
export function jobsDue(before: OpenSource | null, after: OpenSource): string[] {
  const { id, enabled } = after.record
  const wasEnabled = before?.record.enabled ?? false
  // It vanishes from the playlist; what else is changed of it has time until it is enabled again.
  if (!enabled) return wasEnabled ? [publishJob] : []
  if (before === null) return [id]
  // What it had is shown at once, also when its provider is away.
  if (!wasEnabled) return [id, publishJob]
  const isListOther = isOther(listOf(before), listOf(after))
  const isGuideOther = before.secret.epgUrl !== after.secret.epgUrl
  return [
    // A source's guides follow its import.
    ...(isListOther ? [id] : isGuideOther ? [guideJob(id)] : []),
    ...(before.record.order === after.record.order ? [] : [publishJob]),
  ]
}

/** What decides what the source's list holds, and how it is asked for. */
function listOf({ record, secret }: OpenSource): unknown[] {
  const { type, name, include, exclude, live, vod, series, userAgent } = record
  const { username, password } = secret.logins[primaryProfileId] ?? {}
  return [
    ...[secret.url, username, password, secret.headers, userAgent],
    ...[include, exclude, live, vod, series],
    // A list that is one channel's stream is named for its source.
    type === "m3u" ? name : null,
  ]
}

const isOther = (one: unknown, other: unknown) => JSON.stringify(one) !== JSON.stringify(other)
