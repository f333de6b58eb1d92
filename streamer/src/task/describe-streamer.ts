import type { StreamerRecord } from "@tributary/shared/store/records"
import type { Config } from "../config.ts"
import type { TrafficHistory } from "../operate/traffic-history.ts"
import type { StreamPool } from "../pool/stream-pool.ts"
import type { TranscodePool } from "../transcode/transcode-pool.ts"
import type { Vod } from "../vod/vod.ts"

/** What a streamer carries. */
export interface Carried {
  pool: Pick<StreamPool, "viewers" | "streams">
  vod: Pick<Vod, "viewers" | "size">
  transcodes: Pick<TranscodePool, "transcodes">
  traffic: Pick<TrafficHistory, "report">
}

/** Where it is found: `task` is the ARN of its ECS task, null elsewhere. */
export interface Whereabouts {
  address: string
  task: string | null
}

/** What a streamer says of itself with each heartbeat. */
export function describeStreamer(
  config: Pick<Config, "STREAMER_INTERNAL_ADDRESS" | "STREAMER_REGION" | "STREAMER_MAX_VIEWERS">,
  { address, task }: Whereabouts,
  { pool, vod, transcodes, traffic }: Carried,
): Omit<StreamerRecord, "at" | "draining"> {
  const { bitsPerSecondOut } = traffic.report().now
  return {
    address,
    internalAddress: config.STREAMER_INTERNAL_ADDRESS ?? address,
    region: config.STREAMER_REGION,
    viewers: pool.viewers + vod.viewers,
    maxViewers: config.STREAMER_MAX_VIEWERS === 0 ? null : config.STREAMER_MAX_VIEWERS,
    streams: pool.streams.size,
    version: "0.1.0",
    load: { bitsPerSecondOut, transcodes: transcodes.transcodes.size, films: vod.size },
    ...(task === null ? {} : { task }),
  }
}
