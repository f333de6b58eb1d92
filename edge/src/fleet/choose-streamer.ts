import { streamerDeadMilliseconds } from "@tributary/shared/lease/times"
import { keys } from "@tributary/shared/store/keys"
import type { Edge } from "../edge.ts"
import { fromStore } from "../store-unavailable.ts"
import {
  heardOfAfter,
  leastLoaded,
  type Streamer,
  storeMilliseconds,
  streamersIn,
} from "./streamer-records.ts"

/** The streamer for work that any can do: the one with the fewest viewers; undefined when none is running. */
export async function chooseStreamer(edge: Edge): Promise<Streamer | undefined> {
  return leastLoaded(await runningStreamers(edge))
}

/** Who was heard of lately, by the store's clock: this machine's may be minutes off. */
export async function runningStreamers(edge: Edge): Promise<Streamer[]> {
  const [streamers, time] = await fromStore(
    edge.redis.pipeline().hgetall(keys.streamers).time().exec<[unknown, [string, string]]>(),
  )
  return heardOfAfter(streamersIn(streamers), storeMilliseconds(time) - streamerDeadMilliseconds)
}
