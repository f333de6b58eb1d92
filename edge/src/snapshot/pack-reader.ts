import type { Range, View } from "@tributary/shared/snapshot/manifest"
import { objects } from "@tributary/shared/store/keys"
import { unpackGzip } from "../transfer/paced.ts"

// Small enough for many answers at once in a Worker's 128 MB, large enough that the largest playlist takes
// some sixty of the thousand reads that a request may make. The first one is short: a player waits for it.
const firstPieceBytes = 64 * 1024
const pieceBytes = 512 * 1024

/** How an answer's reads use the location's cache. */
export interface CacheUse {
  /** How long a read piece may be kept; 0: not at all. */
  seconds: number
  /** Is given work that outlives the answer. */
  later: (work: Promise<unknown>) => void
}

/** Ranges of a snapshot's packs: from the location's cache, else from the bucket. */
export class PackReader {
  readonly #bucket: R2Bucket

  constructor(bucket: R2Bucket) {
    this.#bucket = bucket
  }

  /** A view as it is stored: one gzip stream, or nothing. Breaks off where the snapshot is gone. */
  async *packed(snapshot: string, view: View, cache: CacheUse): AsyncGenerator<Uint8Array> {
    const pieces = piecesOf(view)
    let next = this.#begin(snapshot, pieces[0], cache)
    for (let number = 0; next !== null; number++) {
      const bytes = await next
      // One piece is fetched while another is sent, not more: they are held in memory.
      next = this.#begin(snapshot, pieces[number + 1], cache)
      if (bytes === null) throw new Error(`a pack of snapshot ${snapshot} is missing`)
      yield bytes
    }
  }

  /** A view's content. */
  async *unpacked(snapshot: string, view: View, cache: CacheUse): AsyncGenerator<Uint8Array> {
    if (view.length > 0) yield* unpackGzip(this.packed(snapshot, view, cache))
  }

  /** The content of views, one after the other. */
  async *inOrder(snapshot: string, views: readonly View[], cache: CacheUse): AsyncGenerator<Uint8Array> {
    for (const view of views) yield* this.unpacked(snapshot, view, cache)
  }

  /** The JSON in a gzip stream of one range, past the cache; null when the snapshot is gone. */
  async json<T>(snapshot: string, range: Range): Promise<T | null> {
    const bytes = await this.#fromBucket(snapshot, range)
    if (bytes === null) return null
    const unpacked = new Response(bytes).body?.pipeThrough(new DecompressionStream("gzip"))
    return new Response(unpacked).json<T>()
  }

  #begin(snapshot: string, range: Range | undefined, cache: CacheUse): Promise<Uint8Array | null> | null {
    if (range === undefined) return null
    const reading = this.#read(snapshot, range, cache)
    // Reported when its turn comes, which it may never do.
    reading.catch(() => undefined)
    return reading
  }

  async #read(snapshot: string, range: Range, { seconds, later }: CacheUse): Promise<Uint8Array | null> {
    if (seconds <= 0) return this.#fromBucket(snapshot, range)
    const key = cacheKeyOf(snapshot, range)
    const cached = await caches.default.match(key)
    const kept = cached === undefined ? null : new Uint8Array(await cached.arrayBuffer())
    // The local cache was seen to give back half of what it was still being given.
    if (kept?.length === range[2]) return kept
    const bytes = await this.#fromBucket(snapshot, range)
    if (bytes !== null)
      later(
        caches.default.put(key, new Response(bytes, { headers: { "cache-control": `max-age=${seconds}` } })),
      )
    return bytes
  }

  async #fromBucket(snapshot: string, [pack, offset, length]: Range): Promise<Uint8Array | null> {
    const object = await this.#bucket.get(objects.pack(snapshot, pack), { range: { offset, length } })
    if (object === null) return null
    const bytes = new Uint8Array(await object.arrayBuffer())
    if (bytes.length !== length) throw new Error(`a pack of snapshot ${snapshot} is cut`)
    return bytes
  }
}

const cacheKeyOf = (snapshot: string, [pack, offset, length]: Range) =>
  `https://snapshot.invalid/${encodeURI(objects.pack(snapshot, pack))}?${offset}+${length}`

function piecesOf(view: View): Range[] {
  const pieces: Range[] = []
  for (const [pack, offset, length] of view)
    for (let at = 0; at < length; ) {
      const piece = Math.min(pieces.length === 0 ? firstPieceBytes : pieceBytes, length - at)
      pieces.push([pack, offset + at, piece])
      at += piece
    }
  return pieces
}
