import type { Redis } from "@upstash/redis"
import type { RunScript } from "../lease/scripts.ts"
import { hashFields } from "./hash-fields.ts"
import { keys } from "./keys.ts"

const hashKeys = [
  ...[keys.settings, keys.sources, keys.viewers, keys.edits, keys.transcodeProfiles],
  keys.settingsByApi,
] as const

/** All of the configuration as it is stored, secrets sealed. */
export interface ConfigCopy {
  version: number
  /** Fields and values in turn, of settings, sources, viewers, edits, transcode profiles and what the API has set. */
  hashes: string[][]
  epg: string | null
}

/** Reads the whole configuration in one transaction; null when there is none. */
export async function copyConfig(redis: Redis): Promise<ConfigCopy | null> {
  const read = redis.multi().get<string>(keys.configVersion).get<string>(keys.epg)
  for (const key of hashKeys) read.hgetall(key)
  const [version, epg, ...hashes] = await read.exec<[string | null, string | null, ...unknown[]]>()
  if (version === null) return null
  return { version: Number(version), hashes: hashes.map((hash) => [...hashFields(hash)].flat()), epg }
}

/** Gives a store that has lost its configuration this one; false where it has any (`restore-config.lua`). */
export async function restoreConfig(run: RunScript, copy: ConfigCopy): Promise<boolean> {
  const reply = await run(
    "restoreConfig",
    [keys.configVersion, ...hashKeys, keys.epg, keys.importsDue, keys.profilesDue],
    [JSON.stringify(copy)],
  )
  return Number(reply) === 1
}
