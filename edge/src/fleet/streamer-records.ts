import { hashFields } from "@tributary/shared/store/hash-fields"
import type { StreamerRecord } from "@tributary/shared/store/records"

/** A streamer as it registered itself, by its id. */
export type Streamer = readonly [id: string, record: StreamerRecord]

/** The registered streamers, from the store's answer for their hash; dead ones are among them. */
export function streamersIn(reply: unknown): Streamer[] {
  return [...hashFields(reply)].map(([id, text]) => [id, JSON.parse(text) as StreamerRecord] as const)
}

/** Unix milliseconds of Redis' answer to TIME. */
export function storeMilliseconds([seconds, microseconds]: readonly [string, string]): number {
  return Number(seconds) * 1000 + Math.floor(Number(microseconds) / 1000)
}

/** Those that were heard of after a time (Redis milliseconds). */
export function heardOfAfter(streamers: readonly Streamer[], time: number): Streamer[] {
  return streamers.filter(([, record]) => record.at > time)
}

/** The one with the fewest viewers that takes new work; undefined when there is none. */
export function leastLoaded(streamers: readonly Streamer[]): Streamer | undefined {
  return streamers.filter(([, record]) => !record.draining).sort(([, a], [, b]) => a.viewers - b.viewers)[0]
}
