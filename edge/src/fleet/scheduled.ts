import { sweepLive } from "@tributary/shared/lease/sweep"
import { streamerDeadMilliseconds } from "@tributary/shared/lease/times"
import { log } from "@tributary/shared/log/log"
import { keys } from "@tributary/shared/store/keys"
import type { Edge } from "../edge.ts"
import { fromStore } from "../store-unavailable.ts"
import { reapRecords } from "./dns/reap-records.ts"
import { nudge } from "./nudge.ts"
import { scaleFleet } from "./scale/scale-fleet.ts"
import { wishForTask } from "./scale/wish-for-task.ts"
import { heardOfAfter, storeMilliseconds, streamersIn } from "./streamer-records.ts"

const logger = log("edge", "fleet")

// Long after its leases are gone and nobody is sent to it any more.
const reapAfterMilliseconds = 5 * 60_000

/**
 * Each minute: forget streamers that died and streams that nobody holds, have due imports started, scale the fleets,
 * and delete the DNS records of streamers that are gone.
 */
export async function runScheduled(edge: Edge): Promise<void> {
  const [streamers, time, due, sources] = await fromStore(
    edge.redis
      .pipeline()
      .hgetall(keys.streamers)
      .time()
      .zrange<string[]>(keys.importsDue, 0, 0, { withScores: true })
      .hkeys(keys.sources)
      .exec<[unknown, [string, string], string[], string[]]>(),
  )
  const now = storeMilliseconds(time)
  const records = streamersIn(streamers)
  const dead = records.filter(([, record]) => record.at < now - reapAfterMilliseconds).map(([id]) => id)
  if (dead.length > 0) {
    await fromStore(edge.redis.hdel(keys.streamers, ...dead))
    logger.info("forgot dead streamers", { streamers: dead.join(",") })
  }
  // A store without sources may have lost its data just now, and get them back in a moment.
  const swept = sources.length === 0 ? 0 : await sweepLive(edge.run, sources)
  if (swept > 0) logger.info("forgot live streams that nobody holds", { swept })
  const alive = heardOfAfter(records, now - streamerDeadMilliseconds)
  const fleets = edge.config.FLEET ?? []
  if (due.length === 2 && Number(due[1]) <= now) {
    const [fleet] = alive.length === 0 ? fleets : []
    await (fleet === undefined ? nudge(edge, alive) : wishForTask(edge, fleet))
  }
  await Promise.all([...fleets.map((fleet) => scaleFleet(edge, fleet)), reapRecords(edge, Date.now())])
}
