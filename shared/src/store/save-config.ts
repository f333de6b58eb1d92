import type { Pipeline, Redis } from "@upstash/redis"
import type { SourceConfig, ViewerConfig } from "../config/config-file.ts"
import type { Keys } from "../secrets/keys.ts"
import { guideJob, keys, publishJob } from "./keys.ts"
import { readSourceRecords, readViewerRecords, unsealSource } from "./read-config.ts"
import type { Origin, ProfileRecord, SourceRecord } from "./records.ts"
import {
  changedLogins,
  type OpenSource,
  openSource,
  profilesToKeep,
  sealSource,
  withKept,
} from "./source-record.ts"
import { storedPassword, viewerRecord } from "./viewer-record.ts"

export { replaceSettings } from "./save-settings.ts"

/**
 * Puts sources in force and makes them due for import. Sources of the same origin that are not named any
 * more go (`replace`), so that editing the file or variable is all it takes. Profiles that the admin API made
 * stay while their source does, unless it names one with the same id. To be called by one process at a time.
 */
export async function saveSources(
  redis: Redis,
  secretKeys: Keys,
  sources: readonly SourceConfig[],
  origin: Origin,
  { replace }: { replace: boolean },
): Promise<void> {
  const stored = await readSourceRecords(redis)
  const gone = [...stored].filter(
    ([id, record]) => replace && record.origin === origin && !sources.some((source) => source.id === id),
  )
  const change = redis.multi()
  for (const [id] of gone) {
    change.hdel(keys.sources, id)
    change.hdel(keys.importsStatus, id, guideJob(id))
    change.hdel(keys.importsAccept, id)
    change.del(keys.reports(id))
    change.zrem(keys.importsDue, id, guideJob(id))
    forgetProfiles(change, id, stored.get(id)?.profiles ?? [])
  }
  for (const source of sources) {
    const before = stored.get(source.id)
    const { opened, outdated } = await mergedSource(secretKeys, openSource(source, origin), before)
    change.hset(keys.sources, { [source.id]: JSON.stringify(await sealSource(secretKeys, opened)) })
    change.zadd(keys.importsDue, { score: 0, member: source.id })
    if (outdated.length > 0) change.hdel(keys.reports(source.id), ...outdated)
    forgetProfiles(change, source.id, before?.profiles ?? [])
    askForProfiles(change, source.id, opened.record.profiles)
  }
  // What went is to vanish from the playlist too, even when nothing is left to import.
  if (gone.length > 0) change.zadd(keys.importsDue, { score: 0, member: publishJob })
  change.incr(keys.configVersion)
  await change.exec()
}

/** A source with what stays of its stored self; `outdated`: profiles whose report is of another login. */
async function mergedSource(
  secretKeys: Keys,
  source: OpenSource,
  record: SourceRecord | undefined,
): Promise<{ opened: OpenSource; outdated: string[] }> {
  if (record === undefined) return { opened: source, outdated: [] }
  const kept = profilesToKeep(record, source.record)
  const secret = await unsealSource(secretKeys, record).catch((cause: unknown) => {
    // What the configuration names is sealed anew; what only the store has would be lost for good.
    if (kept.length === 0) return null
    throw new Error(`the logins of source "${record.id}" were stored with another secret`, { cause })
  })
  if (secret === null) return { opened: source, outdated: record.profiles.map(({ id }) => id) }
  const opened = withKept(source, kept, secret)
  return { opened, outdated: changedLogins({ record, secret }, opened) }
}

/** Has the provider asked about each of these profiles that has a login. */
export function askForProfiles(
  change: Pick<Pipeline, "zadd">,
  source: string,
  profiles: readonly ProfileRecord[],
): void {
  for (const { id, hasLogin } of profiles)
    if (hasLogin) change.zadd(keys.profilesDue, { score: 0, member: `${source}/${id}` })
}

/** Nothing is asked about these profiles any more. */
export function forgetProfiles(
  change: Pick<Pipeline, "zrem">,
  source: string,
  profiles: readonly ProfileRecord[],
): void {
  for (const { id } of profiles) change.zrem(keys.profilesDue, `${source}/${id}`)
}

/** Puts viewers in force; with `replace`, viewers of this origin that are not named any more go. */
export async function saveViewers(
  redis: Redis,
  secretKeys: Keys,
  viewers: readonly ViewerConfig[],
  origin: Origin,
  { replace }: { replace: boolean },
): Promise<void> {
  const stored = await readViewerRecords(redis)
  const change = redis.multi()
  for (const [username, record] of stored)
    if (replace && record.origin === origin && !viewers.some((viewer) => viewer.username === username))
      change.hdel(keys.viewers, username)
  for (const viewer of viewers) {
    const { password, ...open } = viewer
    const record = viewerRecord(open, await storedPassword(secretKeys, viewer.username, password), origin)
    change.hset(keys.viewers, { [viewer.username]: JSON.stringify(record) })
  }
  change.incr(keys.configVersion)
  await change.exec()
}
