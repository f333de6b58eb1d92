import { type Overview, type SourcePool, trafficReportSchema } from "@tributary/shared/admin-api/overview"
import { readPool } from "@tributary/shared/lease/pool-status"
import { readSourceRecords } from "@tributary/shared/store/read-config"
import { Hono } from "hono"
import { type Edge, edgeOf } from "../../edge.ts"
import { runningStreamers } from "../../fleet/choose-streamer.ts"
import type { Streamer } from "../../fleet/streamer-records.ts"
import { fromStore } from "../../store-unavailable.ts"
import { readImportRows } from "../imports/imports.ts"
import type { AdminEnvironment } from "../session/require-admin.ts"
import { poolRow } from "../sources/pool.ts"
import { readStreamers } from "../streamers/ask-streamers.ts"
import { listFailingFeeds } from "./failing-feeds.ts"
import { sumTraffic } from "./sum-traffic.ts"

/** `/api/overview`: how the whole installation is, at one glance. */
export const overview = new Hono<AdminEnvironment>()

overview.get("/", async (context) => {
  const edge = await edgeOf(context.env)
  const streamers = await runningStreamers(edge)
  const [traffic, pools, failingFeeds, imports] = await Promise.all([
    readStreamers(edge, streamers, { path: "/internal/traffic" }, trafficReportSchema),
    readPools(edge),
    listFailingFeeds(edge),
    readImportRows(edge),
  ])
  return context.json({
    ...sumTraffic(traffic.said.map(({ answer }) => answer)),
    pools,
    failingFeeds,
    streamersByRegion: countByRegion(streamers),
    imports: {
      running: imports.filter(({ running }) => running).length,
      failed: imports.filter(({ running, phase }) => !running && phase === "failed").length,
    },
    unanswered: traffic.unanswered,
  } satisfies Overview)
})

/** Of all sources, in their order. */
async function readPools(edge: Edge): Promise<SourcePool[]> {
  const sources = await fromStore(readSourceRecords(edge.redis))
  const pools = [...sources].map(async ([source, { name = null, enabled }]) => {
    const profiles = await readPool(edge.run, source)
    // It was deleted just now.
    return profiles === null ? [] : [{ source, name, enabled, ...poolRow(profiles) }]
  })
  return (await Promise.all(pools)).flat()
}

function countByRegion(streamers: readonly Streamer[]): Overview["streamersByRegion"] {
  const regions = new Map<string, { streamers: number; viewers: number }>()
  for (const [, { region, viewers }] of streamers) {
    const count = regions.get(region) ?? { streamers: 0, viewers: 0 }
    regions.set(region, { streamers: count.streamers + 1, viewers: count.viewers + viewers })
  }
  return [...regions]
    .map(([region, count]) => ({ region, ...count }))
    .sort((one, other) => (one.region < other.region ? -1 : 1))
}
