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

/** As `readEdits`, to be changed and saved by `saveEdits`, which finds out whether they are still these. */
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
 * Saves edits (null deletes one) that were made from stored ones, raises the version and has a new snapshot
 * made. False, and nothing is saved, when these channels' edits changed since, or any config in case channels
 * are merged: read again.
 */
export async function saveEdits(
  run: RunSaveEdits,
  stored: StoredEdits,
  changes: ReadonlyMap<string, ChannelEdit | null>,
): Promise<boolean> {
  const isMerge = [...changes.values()].some((edit) => edit?.merge)
  const channels = [...changes].flatMap(([id, edit]) => [id, textOf(stored.edits.get(id)), textOf(edit)])
  const reply = await run(
    [keys.configVersion, keys.edits, keys.importsDue],
    [isMerge ? stored.version : "*", publishJob, ...channels],
  )
  return reply === "ok"
}

// The same for an edit that was read as when it was written: parsing keeps the order of keys.
const textOf = (edit: ChannelEdit | null | undefined) => (edit == null ? "" : JSON.stringify(edit))

// Only `saveEdits` writes them, from validated edits.
function parseEdits(reply: unknown): Map<string, ChannelEdit> {
  return new Map([...hashFields(reply)].map(([id, text]) => [id, JSON.parse(text) as ChannelEdit]))
}
