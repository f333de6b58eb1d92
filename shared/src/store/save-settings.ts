import type { Redis } from "@upstash/redis"
import type { SettingsPatch } from "../config/named-settings.ts"
import {
  longestIntervalSeconds,
  type SettingName,
  type SettingsInput,
  settingNames,
  settingsSchema,
} from "../config/settings.ts"
import type { RunScript } from "../lease/scripts.ts"
import { hashFields } from "./hash-fields.ts"
import { keys, publishJob } from "./keys.ts"

// By these the published snapshot is made.
const shaping: readonly SettingName[] = ["sortField", "sortDirection", "groupBy"]

/**
 * Makes these the settings in force, all others being at their defaults, or as the admin API set them: a variable that
 * is not set any more has no effect. Kept as they were given (texts, not seconds), so that they can be shown as written.
 */
export async function replaceSettings(redis: Redis, settings: Partial<SettingsInput>): Promise<void> {
  const [stored, byApi] = await redis
    .multi()
    .hgetall(keys.settings)
    .hgetall(keys.settingsByApi)
    .exec<[unknown, unknown]>()
  const named = Object.entries(settings).map(
    ([name, value]) => [name, JSON.stringify(asStored(name as SettingName, value))] as const,
  )
  const madeByApi = hashFields(byApi)
  const kept = [...hashFields(stored)].filter(
    ([name]) => madeByApi.has(name) && !Object.hasOwn(settings, name),
  )
  const fields = [...kept, ...named]
  const change = redis.multi()
  change.del(keys.settings)
  if (fields.length > 0) change.hset(keys.settings, Object.fromEntries(fields))
  if (named.length > 0) change.hdel(keys.settingsByApi, ...named.map(([name]) => name))
  change.incr(keys.configVersion)
  await change.exec()
}

/**
 * Changes these settings, all of them at once; null puts one back to its default. Where they shape the playlist, a
 * snapshot is due; a shorter refresh interval counts from now on. Says whether anything is different.
 */
export async function saveSettings(run: RunScript, patch: SettingsPatch): Promise<boolean> {
  const names = settingNames.filter((name) => patch[name] !== undefined)
  const interval = settingsSchema.shape.importRefreshInterval.safeParse(
    patch.importRefreshInterval ?? undefined,
  )
  const isIntervalGiven = patch.importRefreshInterval !== undefined && interval.success
  const changed = await run(
    "saveSettings",
    [keys.configVersion, keys.settings, keys.settingsByApi, keys.importsDue, keys.importsRunning],
    [
      publishJob,
      isIntervalGiven ? String(interval.data * 1000) : "",
      String(longestIntervalSeconds * 1000),
      ...names.flatMap((name) => [name, textOf(name, patch[name]), shaping.includes(name) ? "publish" : ""]),
    ],
  )
  return Number(changed) > 0
}

const textOf = (name: SettingName, value: unknown) =>
  value === null ? "" : JSON.stringify(asStored(name, value))

// The admission script compares with the JSON `true`, whatever form the environment had; a text that
// happens to be "true" stays a text.
function asStored(name: SettingName, value: unknown): unknown {
  const { data } = settingsSchema.shape[name].safeParse(value)
  return typeof data === "boolean" ? data : value
}
