import { streamerDeadMilliseconds } from "@tributary/shared/lease/times"
import { keys } from "@tributary/shared/store/keys"
import type { Edge } from "../edge.ts"
import { fromStore } from "../store-unavailable.ts"
import { heardOfAfter, leastLoaded, type Streamer, streamersIn } from "./streamer-records.ts"

/** The streamer for work that any can do: the one with the fewest viewers; undefined when none is running. */
export async function chooseStreamer(edge: Edge): Promise<Streamer | undefined> {
  const streamers = streamersIn(await fromStore(edge.redis.hgetall(keys.streamers)))
  return leastLoaded(heardOfAfter(streamers, Date.now() - 2 * streamerDeadMilliseconds))
}
