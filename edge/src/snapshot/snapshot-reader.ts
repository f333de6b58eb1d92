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

/** Reads the published snapshot: memory of the isolate, then the location's cache, then R2. */
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
    const byId = await this.#channel(manifest, text)
    if (byId !== null) return byId
    const name = normaliseName(text)
    const names = await this.#shard(manifest, shardOfName(name, manifest.indexShards))
    const id = names?.names[name]
    return id === undefined ? null : this.#channel(manifest, id)
  }

  /** An object of a snapshot as a stream of bytes; null when it is not there. */
  async object(key: string, cacheSeconds: number): Promise<ReadableStream<Uint8Array> | null> {
    if (cacheSeconds <= 0) return (await this.#bucket.get(key))?.body ?? null
    const cacheKey = `https://snapshot.invalid/${encodeURI(key)}`
    const cached = await caches.default.match(cacheKey)
    if (cached?.body) return cached.body
    const object = await this.#bucket.get(key)
    if (object === null) return null
    const [served, kept] = object.body.tee()
    const response = new Response(kept, { headers: { "cache-control": `max-age=${cacheSeconds}` } })
    // Not awaited here: both halves of the tee are read at the pace of the one that is served.
    caches.default.put(cacheKey, response).catch(() => undefined)
    return served
  }

  async #channel(manifest: Manifest, id: string): Promise<FoundChannel | null> {
    const shard = await this.#shard(manifest, shardOfId(id, manifest.indexShards))
    const channel = shard?.channels[id]
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
    if (this.#shards.size > shardsInMemory) {
      const oldest = this.#shards.keys().next().value
      if (oldest !== undefined) this.#shards.delete(oldest)
    }
    return shard
  }
}
