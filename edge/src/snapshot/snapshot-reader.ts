import type { GuideProgramme, IndexedChannel } from "@tributary/shared/catalogue/entry"
import { normaliseName } from "@tributary/shared/catalogue/group-key"
import { type IndexShard, shardOfId, shardOfName } from "@tributary/shared/snapshot/index-shard"
import {
  type Manifest,
  manifestSchema,
  type Pointer,
  pointerSchema,
} from "@tributary/shared/snapshot/manifest"
import { objects } from "@tributary/shared/store/keys"
import { Lru } from "./lru.ts"
import type { PackReader } from "./pack-reader.ts"
import { SnapshotIndex } from "./snapshot-index.ts"

// How stale an isolate's idea of the current snapshot may be. Both newest snapshots are kept, so a reader
// that is this late still finds every part.
const pointerMilliseconds = 2_000
const manifestsInMemory = 2
const shardsInMemory = 64

/** The current snapshot: its pointer and what is in it. */
export interface Snapshot {
  pointer: Pointer
  manifest: Manifest
  index: SnapshotIndex
}

export interface FoundChannel {
  id: string
  channel: IndexedChannel
  /** The snapshot that says so. */
  snapshot: string
}

/** Which snapshot is current, and what its index says: from the isolate's memory, else from the bucket. */
export class SnapshotReader {
  readonly #bucket: R2Bucket
  readonly #packs: PackReader
  #pointer: { value: Pointer | null; readAt: number } | undefined
  readonly #manifests = new Lru<{ manifest: Manifest; index: SnapshotIndex }>(manifestsInMemory)
  readonly #shards = new Lru<IndexShard>(shardsInMemory)

  constructor(bucket: R2Bucket, packs: PackReader) {
    this.#bucket = bucket
    this.#packs = packs
  }

  /** The pointer to the current snapshot; null before the first import. */
  async pointer(now: number): Promise<Pointer | null> {
    if (this.#pointer !== undefined && now - this.#pointer.readAt < pointerMilliseconds)
      return this.#pointer.value
    const object = await this.#bucket.get(objects.current)
    const value = object === null ? null : pointerSchema.parse(await object.json())
    this.#pointer = { value, readAt: now }
    return value
  }

  /** The next call reads the pointer anew. */
  forgetPointer(): void {
    this.#pointer = undefined
  }

  /** After a publication through this isolate: what is in memory is of older snapshots. */
  forget(): void {
    this.forgetPointer()
    this.#manifests.clear()
    this.#shards.clear()
  }

  /** The current snapshot; null before the first import. */
  async current(now: number): Promise<Snapshot | null> {
    const pointer = await this.pointer(now)
    if (pointer === null) return null
    const known = await this.#contents(pointer.snapshot)
    if (known !== null) return { pointer, ...known }
    // The snapshot was replaced twice since its pointer was read.
    this.forgetPointer()
    const next = await this.pointer(now)
    const contents = next === null ? null : await this.#contents(next.snapshot)
    if (next === null || contents === null) throw new Error("the current snapshot has no manifest")
    return { pointer: next, ...contents }
  }

  /** Finds a channel by its id or by its name as viewers write it. */
  async findChannel(text: string, now: number): Promise<FoundChannel | null> {
    const snapshot = await this.current(now)
    if (snapshot === null) return null
    const found = await this.#find(snapshot, text)
    if (found !== "gone") return found
    this.forgetPointer()
    const next = await this.current(now)
    const foundNext = next === null ? null : await this.#find(next, text)
    return foundNext === "gone" ? null : foundNext
  }

  /** A channel's programmes, in the order of their starts; one read. */
  async programmes({ snapshot, channel }: FoundChannel): Promise<GuideProgramme[]> {
    if (channel.guide === undefined) return []
    return (await this.#packs.json<GuideProgramme[]>(snapshot, channel.guide)) ?? []
  }

  async #contents(snapshot: string): Promise<{ manifest: Manifest; index: SnapshotIndex } | null> {
    const known = this.#manifests.get(snapshot)
    if (known !== undefined) return known
    const object = await this.#bucket.get(objects.manifest(snapshot))
    if (object === null) return null
    const manifest = manifestSchema.parse(await object.json())
    const contents = { manifest, index: new SnapshotIndex(manifest.index) }
    this.#manifests.set(snapshot, contents)
    return contents
  }

  async #find(snapshot: Snapshot, text: string): Promise<FoundChannel | null | "gone"> {
    const looksLikeId = /^\d{9,10}$/.test(text)
    const first = await (looksLikeId ? this.#byId(snapshot, text) : this.#byName(snapshot, text))
    if (first !== null) return first
    return looksLikeId ? this.#byName(snapshot, text) : this.#byId(snapshot, text)
  }

  async #byName(snapshot: Snapshot, text: string): Promise<FoundChannel | null | "gone"> {
    const name = normaliseName(text)
    const shard = await this.#shard(snapshot, shardOfName(name, snapshot.index.count))
    if (shard === "gone") return "gone"
    const id = ownValue(shard.names, name)
    return id === undefined ? null : this.#byId(snapshot, id)
  }

  async #byId(snapshot: Snapshot, id: string): Promise<FoundChannel | null | "gone"> {
    const shard = await this.#shard(snapshot, shardOfId(id, snapshot.index.count))
    if (shard === "gone") return "gone"
    const channel = ownValue(shard.channels, id)
    return channel === undefined ? null : { id, channel, snapshot: snapshot.manifest.snapshot }
  }

  async #shard({ manifest, index }: Snapshot, number: number): Promise<IndexShard | "gone"> {
    const range = index.rangeOf(number)
    if (range === null) return { channels: {}, names: {} }
    const key = `${manifest.snapshot}/${number}`
    const known = this.#shards.get(key)
    if (known !== undefined) return known
    const shard = await this.#packs.json<IndexShard>(manifest.snapshot, range)
    if (shard === null) return "gone"
    this.#shards.set(key, shard)
    return shard
  }
}

/** Ids and names come from outside: "constructor" is not a channel. */
function ownValue<T>(record: Record<string, T>, key: string): T | undefined {
  return Object.hasOwn(record, key) ? record[key] : undefined
}
