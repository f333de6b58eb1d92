const sizeHeader = "x-object-size"
// An isolate that keeps an object does not do it twice at a time.
const keepingMilliseconds = 30_000
const keepingInMemory = 64

/** Objects of snapshots as streams of bytes: from the location's cache, else from the bucket. */
export class ObjectCache {
  readonly #bucket: R2Bucket
  readonly #keeping = new Map<string, number>()

  constructor(bucket: R2Bucket) {
    this.#bucket = bucket
  }

  /** Null when the object is not there. `later` is given work that outlives the answer. */
  async open(
    key: string,
    cacheSeconds: number,
    later: (work: Promise<unknown>) => void,
  ): Promise<ReadableStream<Uint8Array> | null> {
    if (cacheSeconds <= 0) return (await this.#bucket.get(key))?.body ?? null
    const cached = await caches.default.match(cacheKeyOf(key))
    if (cached?.body) return wholeOnly(cached.body, Number(cached.headers.get(sizeHeader)))
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
    const oldest = this.#keeping.size > keepingInMemory ? this.#keeping.keys().next().value : undefined
    if (oldest !== undefined) this.#keeping.delete(oldest)
    const object = await this.#bucket.get(key)
    if (object === null) return
    const headers = { "cache-control": `max-age=${cacheSeconds}`, [sizeHeader]: String(object.size) }
    await caches.default.put(cacheKeyOf(key), new Response(wholeOnly(object.body, object.size), { headers }))
  }
}

const cacheKeyOf = (key: string) => `https://snapshot.invalid/${encodeURI(key)}`

/**
 * Breaks off where the body ends early: the local cache was seen to keep the half that came before its
 * source broke off, and to give it back as if it were whole.
 */
const wholeOnly = (body: ReadableStream<Uint8Array>, size: number) =>
  body.pipeThrough(new FixedLengthStream(size))
