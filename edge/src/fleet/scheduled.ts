import { streamerDeadMilliseconds } from "@tributary/shared/lease/times"
import { log } from "@tributary/shared/log/log"
import { tierAuthorization } from "@tributary/shared/secrets/tier-token"
import { keys } from "@tributary/shared/store/keys"
import type { Edge } from "../edge.ts"
import { fromStore } from "../store-unavailable.ts"
import { heardOfAfter, leastLoaded, type Streamer, streamersIn } from "./streamer-records.ts"

const logger = log("edge", "fleet")

// Long after its leases are gone and nobody is sent to it any more.
const reapAfterMilliseconds = 5 * 60_000

/** Each minute: forget streamers that died, and have due imports started. */
export async function runScheduled(edge: Edge): Promise<void> {
  const [streamers, time, due] = await fromStore(
    edge.redis
      .pipeline()
      .hgetall(keys.streamers)
      .time()
      .zrange<string[]>(keys.importsDue, 0, 0, { withScores: true })
      .exec<[unknown, [string, string], string[]]>(),
  )
  const now = Number(time[0]) * 1000
  const records = streamersIn(streamers)
  const dead = records.filter(([, record]) => record.at < now - reapAfterMilliseconds).map(([id]) => id)
  if (dead.length > 0) {
    await fromStore(edge.redis.hdel(keys.streamers, ...dead))
    logger.info("forgot dead streamers", { streamers: dead.join(",") })
  }
  const alive = heardOfAfter(records, now - streamerDeadMilliseconds)
  if (due.length === 2 && Number(due[1]) <= now) await nudge(edge, alive)
}

/** Asks one streamer to look for due imports now; they also look at each heartbeat. */
async function nudge(edge: Edge, alive: readonly Streamer[]): Promise<void> {
  const chosen = leastLoaded(alive)
  if (chosen === undefined) {
    logger.warn("imports are due and no streamer is running")
    return
  }
  const authorization = await tierAuthorization(edge.keys, "streamer-internal", Date.now() / 1000)
  const status = await fetch(`${chosen[1].internalAddress}/internal/imports`, {
    method: "POST",
    headers: { authorization },
    signal: AbortSignal.timeout(5_000),
  }).then(
    async (response) => {
      await response.body?.cancel()
      return response.ok ? "taken" : response.status
    },
    () => "no answer",
  )
  if (status !== "taken")
    logger.warn("a streamer did not take the call to import", { streamer: chosen[0], status })
}
