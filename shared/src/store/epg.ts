import type { Redis } from "@upstash/redis"
import type { EpgConfig } from "../config/config-file.ts"
import type { Keys } from "../secrets/keys.ts"
import { seal, unseal } from "../secrets/seal.ts"
import { guideJob, keys, publishJob } from "./keys.ts"

const job = guideJob(null)

/**
 * Puts the guides that are configured on their own in force, in their order, in place of those before, and
 * makes their import due. Without any their job goes, and a snapshot without them is due.
 */
export async function saveEpg(redis: Redis, secretKeys: Keys, guides: readonly EpgConfig[]): Promise<void> {
  const sealed = await Promise.all(guides.map(({ url }) => seal(secretKeys, url)))
  const hadGuides = (await redis.exists(keys.epg)) > 0
  const change = redis.multi()
  if (sealed.length > 0) {
    change.set(keys.epg, JSON.stringify(sealed))
    change.zadd(keys.importsDue, { score: 0, member: job })
  } else {
    change.del(keys.epg)
    change.zrem(keys.importsDue, job)
    change.hdel(keys.importsStatus, job)
    if (hadGuides) change.zadd(keys.importsDue, { score: 0, member: publishJob })
  }
  change.incr(keys.configVersion)
  await change.exec()
}

/** The guides that are configured on their own, in their order: the first one wins. */
export async function readEpg(redis: Redis, secretKeys: Keys): Promise<EpgConfig[]> {
  const stored = await redis.get<string>(keys.epg)
  const sealed: string[] = stored === null ? [] : JSON.parse(stored)
  return Promise.all(sealed.map(async (text) => ({ url: String(await unseal(secretKeys, text)) })))
}
