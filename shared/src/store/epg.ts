import type { Redis } from "@upstash/redis"
import type { EpgConfig } from "../config/epg-config.ts"
import type { Keys } from "../secrets/keys.ts"
import { seal, unseal } from "../secrets/seal.ts"
import { hmacHex } from "../secrets/sha256.ts"
import type { GuideOrigin, StoredGuide } from "./change-guides.ts"
import { guideJob, keys, publishJob } from "./keys.ts"

const job = guideJob(null)

/** A guide as it is stored: its address sealed, and where it came from. */
type SealedGuide = Pick<StoredGuide, "sealed" | "origin">

/**
 * Puts the guides that the configuration file names in force, in their order, in place of those that it named before.
 * Those that the admin API has added come behind them. Their import is due; without any their job goes, and a snapshot
 * without them is due.
 */
export async function saveEpg(redis: Redis, secretKeys: Keys, guides: readonly EpgConfig[]): Promise<void> {
  const text = (await redis.get<string>(keys.epg)) ?? ""
  const added = sealedGuides(text).filter(({ origin }) => origin === "api")
  // What was sealed with another secret stays, and cannot be told apart.
  const urls = await Promise.all(added.map(({ sealed }) => unseal(secretKeys, sealed).catch(() => null)))
  const kept = added.filter((_, at) => !guides.some(({ url }) => url === urls[at]))
  const named = await Promise.all(guides.map(({ url }) => newGuide(secretKeys, url, "file")))
  const after = textOf([...named, ...kept])
  const change = redis.multi()
  if (after !== "") {
    change.set(keys.epg, after)
    change.zadd(keys.importsDue, { score: 0, member: job })
  } else {
    change.del(keys.epg)
    change.zrem(keys.importsDue, job)
    change.hdel(keys.importsStatus, job)
    if (text !== "") change.zadd(keys.importsDue, { score: 0, member: publishJob })
  }
  change.incr(keys.configVersion)
  await change.exec()
}

/** The guides that are configured on their own, in their order: the first one wins. */
export async function readEpg(redis: Redis, secretKeys: Keys): Promise<EpgConfig[]> {
  const guides = await openGuides(secretKeys, (await redis.get<string>(keys.epg)) ?? "")
  return guides.map(({ url }) => ({ url }))
}

/** The guides in what is stored, "" being none. Throws when they were sealed with another secret. */
export async function openGuides(secretKeys: Keys, text: string): Promise<StoredGuide[]> {
  const guides = sealedGuides(text).map(async ({ sealed, origin }) => {
    const url = String(await unseal(secretKeys, sealed))
    return { id: await guideId(secretKeys, url), url, origin, sealed }
  })
  return Promise.all(guides)
}

/** A guide that is new, or has another address now. */
export async function newGuide(secretKeys: Keys, url: string, origin: GuideOrigin): Promise<StoredGuide> {
  return { id: await guideId(secretKeys, url), url, origin, sealed: await seal(secretKeys, url) }
}

/** As they are stored; "" when there are none. */
export function textOf(guides: readonly SealedGuide[]): string {
  const stored = guides.map(({ sealed, origin }) => ({ sealed, origin }))
  return stored.length === 0 ? "" : JSON.stringify(stored)
}

/** An earlier version stored the addresses alone, which only a file could name. */
function sealedGuides(text: string): SealedGuide[] {
  const stored: (string | SealedGuide)[] = text === "" ? [] : JSON.parse(text)
  return stored.map((guide) => (typeof guide === "string" ? { sealed: guide, origin: "file" } : guide))
}

// Keyed: an address may hold a password, which must not be guessed by its id.
async function guideId(secretKeys: Keys, url: string): Promise<string> {
  return (await hmacHex(secretKeys.passwords, JSON.stringify(["guide", url]))).slice(0, 12)
}
