import { hash32 } from "../catalogue/channel-id.ts"
import type { IndexedChannel } from "../catalogue/entry.ts"

/** One object of the index. A look-up of a channel, by id or by name, reads one shard (names then read two). */
export interface IndexShard {
  channels: Record<string, IndexedChannel>
  /** Normalised name -> channel id. */
  names: Record<string, string>
}

// R2 charges per object and Workers parse what they read: some 16 KB keeps both small.
const targetBytes = 16 * 1024

/** How many shards an index of so many bytes of JSON is cut into. */
export function shardCount(indexBytes: number): number {
  return Math.max(1, Math.ceil(indexBytes / targetBytes))
}

/** The shard that holds a channel id, of `count`. */
export function shardOfId(id: string, count: number): number {
  return hash32(id) % count
}

/** The shard that knows the id of a normalised name, of `count`. */
export function shardOfName(normalisedName: string, count: number): number {
  return hash32(`name:${normalisedName}`) % count
}
