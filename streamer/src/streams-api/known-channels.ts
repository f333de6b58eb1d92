import { setTimeout as delay } from "node:timers/promises"
import type { IndexedChannel } from "@tributary/shared/catalogue/entry"
import type { ManagedStream } from "./managed-stream.ts"

// The list is shown without a name rather than late.
const patienceMilliseconds = 1_000
const maxLookups = 32

/** What the catalogue says of the channels that are live here; asked once for each live stream. */
export class KnownChannels {
  readonly #find: (id: string) => Promise<IndexedChannel | null>
  readonly #known = new WeakMap<ManagedStream, Promise<IndexedChannel | null>>()
  #lookups = 0

  constructor(find: (id: string) => Promise<IndexedChannel | null>) {
    this.#find = find
  }

  /** The channel of each stream, in their order; null where it is not known (yet). */
  of(streams: readonly ManagedStream[]): Promise<(IndexedChannel | null)[]> {
    const late = delay(patienceMilliseconds, null, { ref: false })
    return Promise.all(streams.map((stream) => Promise.race([this.#lookUp(stream), late])))
  }

  #lookUp(stream: ManagedStream): Promise<IndexedChannel | null> {
    const known = this.#known.get(stream)
    if (known !== undefined) return known
    if (this.#lookups >= maxLookups) return Promise.resolve(null)
    this.#lookups++
    const asked = this.#find(stream.channel)
      .catch(() => null)
      .then((channel) => {
        this.#lookups--
        if (channel === null) this.#known.delete(stream)
        return channel
      })
    this.#known.set(stream, asked)
    return asked
  }
}
