import { streamerDeadMilliseconds } from "@tributary/shared/lease/times"
import { hashFields } from "@tributary/shared/store/hash-fields"
import { keys } from "@tributary/shared/store/keys"
import type { StreamerRecord } from "@tributary/shared/store/records"
import type { Redis } from "@upstash/redis"

/** Another streamer that takes viewers. */
export interface Neighbour extends Pick<StreamerRecord, "address" | "region" | "viewers"> {
  id: string
}

export interface NeighboursOptions {
  redis: Pick<Redis, "hgetall">
  streamer: string
  /** This streamer's own: what runs there is no other one, and players follow no redirect to another scheme. */
  address: string
  /** Redis milliseconds. */
  storeNow: () => number
  /** Monotonic milliseconds. */
  monotonic: () => number
}

// A thousand players who come at once are one look.
const keptMilliseconds = 1_000

/** Who else takes viewers, as the store has it. */
export class Neighbours {
  readonly #options: NeighboursOptions
  #looked: { at: number; found: Promise<Neighbour[]> } | null = null

  constructor(options: NeighboursOptions) {
    this.#options = options
  }

  /** As of the last second; nobody while the store does not answer. */
  list(): Promise<Neighbour[]> {
    const now = this.#options.monotonic()
    if (this.#looked === null || now - this.#looked.at >= keptMilliseconds)
      this.#looked = { at: now, found: this.#read().catch(() => []) }
    return this.#looked.found
  }

  async #read(): Promise<Neighbour[]> {
    const { redis, streamer, address, storeNow } = this.#options
    const stored = hashFields(await redis.hgetall(keys.streamers))
    return [...stored].flatMap(([id, text]) => {
      const record = JSON.parse(text) as StreamerRecord
      const isOther = id !== streamer && record.address !== address
      const isFollowed = new URL(record.address).protocol === new URL(address).protocol
      return isOther && isFollowed && takesViewers(record, storeNow())
        ? [{ id, address: record.address, region: record.region, viewers: record.viewers }]
        : []
    })
  }
}

/** As admission has it (`parts/streamers.lua`). */
function takesViewers({ draining, maxViewers, viewers, at }: StreamerRecord, now: number): boolean {
  const isFull = maxViewers !== null && viewers >= maxViewers
  return !draining && !isFull && at > now - streamerDeadMilliseconds
}
