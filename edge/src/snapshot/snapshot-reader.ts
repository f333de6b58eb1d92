import type { IndexedChannel } from "@tributary/shared/catalogue/entry"
import { normaliseName } from "@tributary/shared/catalogue/group-key"
import { type IndexShard, shardOfId, shardOfName } from "@tributary/shared/snapshot/index-shard"
import { type Manifest, manifestSchema } from "@tributary/shared/snapshot/manifest"
import { objects } from "@tributary/shared/store/keys"

// How stale an isolate's idea of the current snapshot may be. Both newest snapshots are kept, so a reader
// that is this late still finds every part.
const manifestMilliseconds = 2_000
const shardsInMemory = 64
// An isolate that keeps an object does not do it twice at a time.
const keepingMilliseconds = 30_000
const keepingInMemory = 64

export interface FoundChannel {
  id: string
  channel: IndexedChannel
}

/** Reads the published snapshot: memory of the isolate, then the location's cache, then R2. */
export class SnapshotReader {
  readonly #bucket: R2Bucket
  #manifest: { value: Manifest | null; readAt: number } | undefined
  readonly #shards = new Map<string, IndexShard>()
  readonly #keeping = new Map<string, number>()

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
    const id = names === null ? undefined : ownValue(names.names, name)
    return id === undefined ? null : this.#channel(manifest, id)
  }

  /**
   * An object of a snapshot as a stream of bytes; null when it is not there. `later` is given work that
   * outlives the answer.
   */
  async object(
    key: string,
    cacheSeconds: number,
    later: (work: Promise<unknown>) => void,
  ): Promise<ReadableStream<Uint8Array> | null> {
    if (cacheSeconds <= 0) return (await this.#bucket.get(key))?.body ?? null
    const cached = await caches.default.match(cacheKeyOf(key))
    if (cached?.body) return cached.body
    const object = await this.#bucket.get(key)
    if (object === null) return null
    later(this.#keep(key, cacheSeconds))
    return object.body
  }

  /**
   * Puts an object into the location's cache with a read of its own. A tee of the answer would hold in memory
   * what a slow player has not taken yet, and would keep nothing when the player goes away.
   */
  async #keep(key: string, cacheSeconds: number): Promise<void> {
    const now = Date.now()
    if (now - (this.#keeping.get(key) ?? 0) < keepingMilliseconds) return
    this.#keeping.set(key, now)
    dropOldest(this.#keeping, keepingInMemory)
    const object = await this.#bucket.get(key)
    if (object === null) return
    const headers = { "cache-control": `max-age=${cacheSeconds}` }
    // Of fixed length, so that a body that breaks off is never kept as if it were whole.
    const body = object.body.pipeThrough(new FixedLengthStream(object.size))
    await caches.default.put(cacheKeyOf(key), new Response(body, { headers }))
  }

  async #channel(manifest: Manifest, id: string): Promise<FoundChannel | null> {
    const shard = await this.#shard(manifest, shardOfId(id, manifest.indexShards))
    const channel = shard === null ? undefined : ownValue(shard.channels, id)
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
    dropOldest(this.#shards, shardsInMemory)
    return shard
  }
}

const cacheKeyOf = (key: string) => `https://snapshot.invalid/${encodeURI(key)}`

/** Ids and names come from outside: "constructor" is not a channel. */
function ownValue<T>(record: Record<string, T>, key: string): T | undefined {
  return Object.hasOwn(record, key) ? record[key] : undefined
}

function dropOldest(map: Map<string, unknown>, size: number): void {
  const oldest = map.size > size ? map.keys().next().value : undefined
  if (oldest !== undefined) map.delete(oldest)
}
