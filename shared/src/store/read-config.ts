import type { Redis } from "@upstash/redis"
import { type Settings, settingsSchema } from "../config/settings.ts"
import type { Keys } from "../secrets/keys.ts"
import { unseal } from "../secrets/seal.ts"
import { hashFields } from "./hash-fields.ts"
import { keys } from "./keys.ts"
import type { SealedSource, SourceRecord, ViewerRecord } from "./records.ts"

// Records are written by `save-config.ts` only, from validated config, so they are trusted here.
async function readRecords<T>(redis: Redis, key: string): Promise<Map<string, T>> {
  const fields = hashFields(await redis.hgetall(key))
  return new Map([...fields].map(([id, text]) => [id, JSON.parse(text) as T]))
}

/** Every configured source, in their order; credentials stay sealed. */
export async function readSourceRecords(redis: Redis): Promise<Map<string, SourceRecord>> {
  const records = await readRecords<SourceRecord>(redis, keys.sources)
  return new Map([...records].sort(([a, one], [b, two]) => one.order - two.order || (a < b ? -1 : 1)))
}

/** Every viewer, by username. */
export function readViewerRecords(redis: Redis): Promise<Map<string, ViewerRecord>> {
  return readRecords<ViewerRecord>(redis, keys.viewers)
}

/** The settings in force: stored ones over defaults. Throws when what is stored is not valid. */
export async function readSettings(redis: Redis): Promise<Settings> {
  return parseSettings(await redis.hgetall(keys.settings))
}

/** Settings from the stored hash (setting -> JSON value), as the store answered. */
export function parseSettings(reply: unknown): Settings {
  const written = [...hashFields(reply)].map(([name, text]) => [name, JSON.parse(text)] as const)
  return settingsSchema.parse(Object.fromEntries(written))
}

/** The secret part of a source: addresses and logins. */
export async function unsealSource(secretKeys: Keys, record: SourceRecord): Promise<SealedSource> {
  return (await unseal(secretKeys, record.sealed)) as SealedSource
}
