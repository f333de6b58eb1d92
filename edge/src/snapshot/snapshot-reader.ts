import type { IndexedChannel } from "@tributary/shared/catalogue/entry"
import { normaliseName } from "@tributary/shared/catalogue/group-key"
import { type IndexShard, shardOfId, shardOfName } from "@tributary/shared/snapshot/index-shard"
import { type Manifest, manifestSchema } from "@tributary/shared/snapshot/manifest"
import { objects } from "@tributary/shared/store/keys"

// How stale an isolate's idea of the current snapshot may be. Both newest snapshots are kept, so a reader
// that is this late still finds every part.
const manifestMilliseconds = 2_000
const shardsInMemory = 64

export interface FoundChannel {
  id: string
  channel: IndexedChannel
}

/** Which snapshot is current, and what its index says: from the isolate's memory, else from the bucket. */
export class SnapshotReader {
  readonly #bucket: R2Bucket
  #manifest: { value: Manifest | null; readAt: number } | undefined
  readonly #shards = new Map<string, IndexShard>()

  constructor(bucket: R2Bucket) {
    this.#bucket = bucket
  }

  /** The current snapshot's manifest; null before the first import. */
  async manifest(now: number): Promise<Manifest | null> {
    if (this.#manifest !== undefined && now - this.#manifest.readAt < manifestMilliseconds)
      return this.#manifest.value
    const object = await this.#bucket.get(objects.current)
    const value = object === null ? null : manifestSchema.parse(await object.json())
    this.#manifest = { value, readAt: now }
    return value
  }

  /** After a publication through this isolate: read the pointer anew. */
  forgetManifest(): void {
    this.#manifest = undefined
  }

  /** Finds a channel by its id, else by its name as viewers write it. */
  async findChannel(text: string, now: number): Promise<FoundChannel | null> {
    const manifest = await this.manifest(now)
    if (manifest === null) return null
    const found = await this.#find(manifest, text)
    if (found !== "gone") return found
    // The snapshot was replaced twice since its manifest was read.
    this.forgetManifest()
    const next = await this.manifest(now)
    const foundNext = next === null ? null : await this.#find(next, text)
    return foundNext === "gone" ? null : foundNext
  }

  async #find(manifest: Manifest, text: string): Promise<FoundChannel | null | "gone"> {
    const byId = await this.#channel(manifest, text)
    if (byId !== null) return byId
    const name = normaliseName(text)
    const names = await this.#shard(manifest, shardOfName(name, manifest.indexShards))
    if (names === null) return "gone"
    const id = ownValue(names.names, name)
    return id === undefined ? null : this.#channel(manifest, id)
  }

  async #channel(manifest: Manifest, id: string): Promise<FoundChannel | null | "gone"> {
    const shard = await this.#shard(manifest, shardOfId(id, manifest.indexShards))
    if (shard === null) return "gone"
    const channel = ownValue(shard.channels, id)
    return channel === undefined ? null : { id, channel }
  }

  async #shard(manifest: Manifest, number: number): Promise<IndexShard | null> {
    const key = objects.indexShard(manifest.snapshot, number)
    const known = this.#shards.get(key)
    if (known !== undefined) return known
    const object = await this.#bucket.get(key)
    if (object === null) return null
    const shard = await object.json<IndexShard>()
    this.#shards.set(key, shard)
    const oldest = this.#shards.size > shardsInMemory ? this.#shards.keys().next().value : undefined
    if (oldest !== undefined) this.#shards.delete(oldest)
    return shard
  }
}

/** Ids and names come from outside: "constructor" is not a channel. */
function ownValue<T>(record: Record<string, T>, key: string): T | undefined {
  return Object.hasOwn(record, key) ? record[key] : undefined
}
