import { streamerDeadMilliseconds } from "@tributary/shared/lease/times"
import { log } from "@tributary/shared/log/log"
import { keys } from "@tributary/shared/store/keys"
import type { Context } from "hono"
import type { Edge } from "../edge.ts"
import { nudge } from "../fleet/nudge.ts"
import { heardOfAfter, streamersIn } from "../fleet/streamer-records.ts"

const logger = log("edge", "admin")

/** Has a streamer look for due imports as soon as this answer is given, not only at its next heartbeat. */
export function wakeImporter(context: Context, edge: Edge): void {
  const work = wake(edge).catch((error: unknown) =>
    logger.warn("no streamer could be told of due imports", { error: String(error) }),
  )
  context.executionCtx.waitUntil(work)
}

async function wake(edge: Edge): Promise<void> {
  const [streamers, time] = await edge.redis
    .pipeline()
    .hgetall(keys.streamers)
    .time()
    .exec<[unknown, [string, string]]>()
  const now = Number(time[0]) * 1000
  await nudge(edge, heardOfAfter(streamersIn(streamers), now - streamerDeadMilliseconds))
}
