import type { Redis } from "@upstash/redis"
import {
  primaryProfileId,
  type SourceConfig,
  type ViewerConfig,
  withProfileId,
} from "../config/config-file.ts"
import { type SettingName, type SettingsInput, settingsSchema } from "../config/settings.ts"
import type { Keys } from "../secrets/keys.ts"
import { passwordCheck } from "../secrets/password-check.ts"
import { seal } from "../secrets/seal.ts"
import { guideJob, keys, publishJob } from "./keys.ts"
import { readSourceRecords, readViewerRecords } from "./read-config.ts"
import type { Origin, ProfileRecord, SealedSource, SourceRecord, ViewerRecord } from "./records.ts"

/**
 * Puts sources in force and makes them due for import. Sources of the same origin that are not named any
 * more go (`replace`), so that editing the file or variable is all it takes.
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
  }
  for (const source of sources) {
    const record = await sourceRecord(secretKeys, source, origin)
    change.hset(keys.sources, { [source.id]: JSON.stringify(record) })
    change.zadd(keys.importsDue, { score: 0, member: source.id })
  }
  // What went is to vanish from the playlist too, even when nothing is left to import.
  if (gone.length > 0) change.zadd(keys.importsDue, { score: 0, member: publishJob })
  change.incr(keys.configVersion)
  await change.exec()
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
    const record = await viewerRecord(secretKeys, viewer, origin)
    change.hset(keys.viewers, { [viewer.username]: JSON.stringify(record) })
  }
  change.incr(keys.configVersion)
  await change.exec()
}

/**
 * Makes these the settings in force, all others being at their defaults: a variable that is not set any
 * more has no effect. Kept as they were given (texts, not seconds), so that they can be shown as written.
 */
export async function replaceSettings(redis: Redis, settings: Partial<SettingsInput>): Promise<void> {
  const fields = Object.entries(settings).map(
    ([name, value]) => [name, JSON.stringify(asStored(name as SettingName, value))] as const,
  )
  const change = redis.multi()
  change.del(keys.settings)
  if (fields.length > 0) change.hset(keys.settings, Object.fromEntries(fields))
  change.incr(keys.configVersion)
  await change.exec()
}

// The admission script compares with the JSON `true`, whatever form the environment had; a text that
// happens to be "true" stays a text.
function asStored(name: SettingName, value: unknown): unknown {
  const { data } = settingsSchema.shape[name].safeParse(value)
  return typeof data === "boolean" ? data : value
}

async function sourceRecord(secretKeys: Keys, source: SourceConfig, origin: Origin): Promise<SourceRecord> {
  const { username, password, profiles, url, headers, epgUrl, maxStreams, ...open } = source
  const extra = profiles.map(withProfileId)
  const secret: SealedSource = { url, logins: {} }
  if (epgUrl !== undefined) secret.epgUrl = epgUrl
  if (headers !== undefined) secret.headers = headers
  if (username !== undefined && password !== undefined)
    secret.logins[primaryProfileId] = { url: null, username, password }
  for (const profile of extra)
    secret.logins[profile.id] = {
      url: profile.url ?? null,
      username: profile.username,
      password: profile.password,
    }
  const primary: ProfileRecord = {
    id: primaryProfileId,
    name: "Primary",
    primary: true,
    maxStreams: maxStreams ?? null,
    priority: 0,
    enabled: true,
  }
  const others = extra.map(
    ({ id, name, maxStreams: max, priority, enabled }): ProfileRecord => ({
      id,
      name,
      primary: false,
      maxStreams: max ?? null,
      priority,
      enabled,
    }),
  )
  return { ...open, origin, profiles: [primary, ...others], sealed: await seal(secretKeys, secret) }
}

async function viewerRecord(secretKeys: Keys, viewer: ViewerConfig, origin: Origin): Promise<ViewerRecord> {
  const { password, expiresAt, ...open } = viewer
  return {
    ...open,
    origin,
    check: await passwordCheck(secretKeys, viewer.username, password),
    sealedPassword: await seal(secretKeys, password),
    expiresAt: expiresAt == null ? null : Date.parse(expiresAt),
  }
}
