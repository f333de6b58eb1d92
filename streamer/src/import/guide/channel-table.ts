import { hash32 } from "@tributary/shared/catalogue/channel-id"
import type { GuideChannel } from "./channel-reader.ts"
import { bucketCount } from "./programme-buckets.ts"

// The largest guides of the world have some 50,000 channels.
const maxChannels = 200_000
const maxNames = 20

export interface Row extends GuideChannel {
  number: number
  bucket: number
}

/** The channels of a guide that is being read: named by `channel` elements, or only by programmes. */
export class ChannelTable {
  readonly #byId = new Map<string, Row>()
  readonly #rows: Row[] = []

  /** Its number and the bucket of its programmes; null when the guide has too many channels to be one. */
  find(id: string): Row | null {
    const known = this.#byId.get(id)
    if (known !== undefined) return known
    if (id === "" || this.#rows.length >= maxChannels) return null
    const row = { id, names: [], icon: "", number: this.#rows.length, bucket: hash32(id) % bucketCount }
    this.#byId.set(id, row)
    this.#rows.push(row)
    return row
  }

  /** Adds what a `channel` element says. */
  describe({ id, names, icon }: GuideChannel): void {
    const row = this.find(id)
    if (row === null) return
    for (const name of names)
      if (row.names.length < maxNames && !row.names.includes(name)) row.names.push(name)
    row.icon ||= icon
  }

  /** These channels in the order of their ids. */
  ordered(numbers: Iterable<number>): Row[] {
    return [...numbers]
      .flatMap((number) => this.#rows[number] ?? [])
      .toSorted((a, b) => (a.id < b.id ? -1 : 1))
  }
}
