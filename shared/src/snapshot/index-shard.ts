import { channelIdOf, hash32 } from "../catalogue/channel-id.ts"
import type { IndexedChannel } from "../catalogue/entry.ts"

/** A part of the index. A look-up of a channel reads one shard; by a name that is not its own, two. */
export interface IndexShard {
  channels: Record<string, IndexedChannel>
  /** Normalised name -> channel id. */
  names: Record<string, string>
}

// Workers parse what they read: some 24 KB keeps that under 0.2 ms, and the manifest's list of shards short.
const targetBytes = 24 * 1024

/** How many shards an index of so many bytes of JSON is cut into. */
export function shardCount(indexBytes: number): number {
  return Math.max(1, Math.ceil(indexBytes / targetBytes))
}

/** The shard that holds a channel id, of `count`. */
export function shardOfId(id: string, count: number): number {
  return hash32(id) % count
}

/**
 * The shard that knows the id of a normalised name, of `count`: where its id is too when channels are grouped by
 * name, for then the id comes from the same hash.
 */
export function shardOfName(normalisedName: string, count: number): number {
  return shardOfId(channelIdOf(hash32(normalisedName)), count)
}
