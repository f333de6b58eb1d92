import { log } from "@tributary/shared/log/log"
import type { Context } from "hono"
import type { Edge } from "../edge.ts"
import { runningStreamers } from "../fleet/choose-streamer.ts"
import { nudge } from "../fleet/nudge.ts"

const logger = log("edge", "admin")

/** Has a streamer look for due imports as soon as this answer is given, not only at its next heartbeat. */
export function wakeImporter(context: Context, edge: Edge): void {
  const work = wake(edge).catch((error: unknown) =>
    logger.warn("no streamer could be told of due imports", { error: String(error) }),
  )
  context.executionCtx.waitUntil(work)
}

async function wake(edge: Edge): Promise<void> {
  await nudge(edge, await runningStreamers(edge))
}
