import type { Redis } from "@upstash/redis"
import type { ChannelEdit } from "../catalogue/edit.ts"
import { hashFields } from "./hash-fields.ts"
import { keys, publishJob } from "./keys.ts"

/** Edits by channel id, and the version of the config that they are of. */
export interface StoredEdits {
  version: string
  edits: Map<string, ChannelEdit>
}

/** What users changed of channels, by channel id. */
export async function readEdits(redis: Redis): Promise<Map<string, ChannelEdit>> {
  return parseEdits(await redis.hgetall(keys.edits))
}

/** As `readEdits`, to be changed and saved: the version tells `saveEdits` whether they are still these. */
export async function readVersionedEdits(redis: Redis): Promise<StoredEdits> {
  const [version, fields] = await redis
    .multi()
    .get<string>(keys.configVersion)
    .hgetall(keys.edits)
    .exec<[string | number | null, unknown]>()
  return { version: String(version ?? ""), edits: parseEdits(fields) }
}

/** The edits of these channels; those that have none are left out. */
export async function readEditsOf(redis: Redis, ids: readonly string[]): Promise<Map<string, ChannelEdit>> {
  if (ids.length === 0) return new Map()
  const texts: unknown = await redis.hmget(keys.edits, ...ids)
  const list = Array.isArray(texts) ? texts : []
  return new Map(
    ids.flatMap((id, at) =>
      typeof list[at] === "string" ? [[id, JSON.parse(list[at]) as ChannelEdit] as const] : [],
    ),
  )
}

/** Runs `save-edits.lua`; each tier reads the file in its own way. */
export type RunSaveEdits = (keys: string[], args: string[]) => Promise<string>

/**
 * Saves edits (null deletes one) that were made from a version of the config, raises the version and has a
 * new snapshot made. False, and nothing is saved, when the config changed since: read again.
 */
export async function saveEdits(
  run: RunSaveEdits,
  version: string,
  changes: ReadonlyMap<string, ChannelEdit | null>,
): Promise<boolean> {
  const pairs = [...changes].flatMap(([id, edit]) => [id, edit === null ? "" : JSON.stringify(edit)])
  const reply = await run([keys.configVersion, keys.edits, keys.importsDue], [version, publishJob, ...pairs])
  return reply === "ok"
}

// Only `saveEdits` writes them, from validated edits.
function parseEdits(reply: unknown): Map<string, ChannelEdit> {
  return new Map([...hashFields(reply)].map(([id, text]) => [id, JSON.parse(text) as ChannelEdit]))
}
