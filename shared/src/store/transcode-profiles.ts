import type { Redis } from "@upstash/redis"
import { builtInProfiles } from "../transcode/built-in.ts"
import {
  type TranscodeProfileConfig,
  transcodeProfileFrom,
  transcodeProfileSchema,
} from "../transcode/profile-config.ts"
import type { TranscodeProfile } from "../transcode/transcode-profile.ts"
import { hashFields } from "./hash-fields.ts"
import { keys } from "./keys.ts"
import type { Origin, TranscodeProfileRecord } from "./records.ts"

/** Puts transcode profiles in force; with `replace`, those of this origin that are not named any more go. */
export async function saveTranscodeProfiles(
  redis: Redis,
  profiles: readonly TranscodeProfileConfig[],
  origin: Origin,
  { replace }: { replace: boolean },
): Promise<void> {
  const stored = await readTranscodeProfileRecords(redis)
  const change = redis.multi()
  for (const [id, record] of stored)
    if (replace && record.origin === origin && !profiles.some((profile) => profile.id === id))
      change.hdel(keys.transcodeProfiles, id)
  for (const profile of profiles)
    change.hset(keys.transcodeProfiles, { [profile.id]: JSON.stringify({ ...profile, origin }) })
  change.incr(keys.configVersion)
  await change.exec()
}

/** Those that are configured, as they were written, by id. */
export async function readTranscodeProfileRecords(
  redis: Redis,
): Promise<Map<string, TranscodeProfileRecord>> {
  return parseTranscodeProfileRecords(await redis.hgetall(keys.transcodeProfiles))
}

/** The stored hash (id -> JSON), as the store answered; what is in it is by no means checked. */
export function parseTranscodeProfileRecords(reply: unknown): Map<string, TranscodeProfileRecord> {
  return new Map(
    [...hashFields(reply)]
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([id, text]) => [id, JSON.parse(text) as TranscodeProfileRecord]),
  )
}

/** Every transcode profile that can be played, by id: those that are configured, over the built-in ones. */
export async function readTranscodeProfiles(redis: Redis): Promise<Map<string, TranscodeProfile>> {
  return profilesInForce(await readTranscodeProfileRecords(redis))
}

/**
 * What these records and the built-in profiles come to. One that was saved by an earlier version and is refused by
 * now is as if it were not there: no word reaches ffmpeg that this version has not checked. So are variants that went.
 */
export function profilesInForce(
  records: ReadonlyMap<string, TranscodeProfileRecord>,
): Map<string, TranscodeProfile> {
  const known = new Map(builtInProfiles.map((profile) => [profile.id, profile]))
  for (const [id, { origin: _, ...written }] of records) {
    const parsed = transcodeProfileSchema.safeParse(written)
    if (parsed.success) known.set(id, transcodeProfileFrom(parsed.data))
    else known.delete(id)
  }
  const inForce = [...known.values()].flatMap((profile): TranscodeProfile[] => {
    if ("recipe" in profile) return [profile]
    const variants = profile.variants.filter((id) => {
      const variant = known.get(id)
      return variant !== undefined && "recipe" in variant
    })
    return variants.length === 0 ? [] : [{ ...profile, variants }]
  })
  return new Map(inForce.map((profile) => [profile.id, profile]))
}

/** A profile as users would write it. */
export function writtenProfile(profile: TranscodeProfile): TranscodeProfileConfig {
  const { id, name, output } = profile
  if ("variants" in profile) return { id, name, output, variants: profile.variants }
  const { recipe } = profile
  if (recipe.kind === "arguments") throw new Error(`the arguments of "${id}" are stored as they were written`)
  const { video, audio } = recipe
  return {
    ...{ id, name, output },
    video: video?.codec === "copy" ? "copy" : video,
    audio: audio?.codec === "copy" ? "copy" : audio,
  }
}
