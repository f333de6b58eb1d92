import type { StreamerRow } from "@tributary/shared/admin-api/streamers"
import { Hono } from "hono"
import { edgeOf } from "../../edge.ts"
import { runningStreamers } from "../../fleet/choose-streamer.ts"
import type { AdminEnvironment } from "../session/require-admin.ts"

/** `/api/streamers`: those that were heard of lately, by id. */
export const streamers = new Hono<AdminEnvironment>()

streamers.get("/", async (context) => {
  const running = await runningStreamers(await edgeOf(context.env))
  const rows = running.map(
    ([id, { address, region, viewers, maxViewers, streams, draining, version, at }]) => ({
      ...{ id, address, region, viewers, maxViewers, streams, draining, version, lastSeenAt: at },
    }),
  )
  return context.json(rows.sort(byId) satisfies StreamerRow[])
})

const byId = (one: StreamerRow, other: StreamerRow) => (one.id < other.id ? -1 : 1)
