import { hashFields } from "@tributary/shared/store/hash-fields"
import { guideJob, keys, publishJob } from "@tributary/shared/store/keys"
import type { SourceRecord } from "@tributary/shared/store/records"
import type { Redis } from "@upstash/redis"
import { z } from "zod"

const hashes = ["settings", "settingsByApi", "sources", "viewers", "transcodeProfiles", "edits"] as const
const hash = z.record(z.string(), z.string())

const backupSchema = z.strictObject({
  /** Of this file's form. */
  format: z.literal(1),
  madeAt: z.iso.datetime(),
  hashes: z.strictObject({
    settings: hash,
    settingsByApi: hash,
    sources: hash,
    viewers: hash,
    transcodeProfiles: hash,
    edits: hash,
  }),
  /** The list of guides; null: none is configured on its own. */
  epg: z.string().nullable(),
})

/**
 * The whole config, as the store has it: sources, viewers, transcode profiles, edits of channels, guides and settings.
 * Credentials are sealed, so it is worth nothing without the `TRIBUTARY_SECRET` of its installation.
 */
export type ConfigBackup = z.output<typeof backupSchema>

/** Reads the config at one moment; `redis` must not deserialize. */
export async function readBackup(redis: Redis, now: Date): Promise<ConfigBackup> {
  const reads = redis.multi()
  for (const name of hashes) reads.hgetall(keys[name])
  reads.get(keys.epg)
  const answers = await reads.exec<unknown[]>()
  const epg = answers.at(-1)
  return backupSchema.parse({
    format: 1,
    madeAt: now.toISOString(),
    hashes: Object.fromEntries(
      hashes.map((name, index) => [name, Object.fromEntries(hashFields(answers[index]))]),
    ),
    epg: typeof epg === "string" ? epg : null,
  })
}

/**
 * Puts a backup in the place of the config, in one step; streamers and edge follow within seconds, and everything is
 * imported again. What plays goes on.
 */
export async function restoreBackup(redis: Redis, backup: ConfigBackup): Promise<void> {
  const change = redis.multi()
  for (const name of hashes) {
    change.del(keys[name])
    const fields = backup.hashes[name]
    if (Object.keys(fields).length > 0) change.hset(keys[name], fields)
  }
  if (backup.epg === null) change.del(keys.epg)
  else change.set(keys.epg, backup.epg)
  // As after a loss of the store (restore-config.lua): every source is imported, and every provider is asked.
  const jobs = [
    ...Object.keys(backup.hashes.sources),
    publishJob,
    ...(backup.epg === null ? [] : [guideJob(null)]),
  ]
  for (const member of jobs) change.zadd(keys.importsDue, { score: 0, member })
  for (const member of profilesOf(backup)) change.zadd(keys.profilesDue, { score: 0, member })
  change.incr(keys.configVersion)
  await change.exec()
}

function profilesOf({ hashes: { sources } }: ConfigBackup): string[] {
  return Object.entries(sources).flatMap(([id, text]) => {
    const { profiles } = JSON.parse(text) as SourceRecord
    return profiles.filter(({ hasLogin }) => hasLogin).map((profile) => `${id}/${profile.id}`)
  })
}

/** Reads a backup's text; throws an error that says what is wrong with it. */
export function parseBackup(text: string): ConfigBackup {
  return backupSchema.parse(JSON.parse(text))
}
