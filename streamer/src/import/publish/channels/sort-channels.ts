import { field, kindBytes } from "../../catalogue/record.ts"
import { attributeNeedle, findAttribute, type Place } from "../columns/find-attribute.ts"
import type { RecordSet } from "../columns/record-set.ts"
import { shown } from "./apply-edits.ts"
import type { ChannelSet } from "./channel-set.ts"
import { writeSortKey } from "./sort-key.ts"

export interface SortOrder {
  /** An attribute's name; channels without it are sorted by their own name. */
  sortField: string
  sortDirection: "asc" | "desc"
}

const scratch = new Uint8Array(2048)

/** The channels that are shown of one kind, in the playlist's order. */
export function sortChannels(
  channels: ChannelSet,
  kind: keyof typeof kindBytes,
  { sortField, sortDirection }: SortOrder,
): Uint32Array {
  const wanted: number[] = []
  for (let channel = 0; channel < channels.count; channel++)
    if (channels.kind[channel] === kindBytes[kind] && channels.hidden[channel] === shown) wanted.push(channel)
  const keys = new SortKeys(channels, wanted, sortField)
  const sign = sortDirection === "desc" ? -1 : 1
  // Ids settle ties, so that the same catalogue gives the same bytes.
  const places = Uint32Array.from(wanted.keys()).sort(
    (a, b) =>
      sign * keys.compare(a, b) ||
      sign * ((channels.id[wanted[a] as number] as number) - (channels.id[wanted[b] as number] as number)),
  )
  return places.map((place) => wanted[place] as number)
}

/** Sort keys of many channels, one after the other in one buffer, with their first bytes as numbers. */
class SortKeys {
  readonly #starts: Uint32Array
  readonly #heads: Float64Array
  #bytes: Buffer

  constructor(channels: ChannelSet, wanted: readonly number[], sortField: string) {
    const needle = attributeNeedle(sortField)
    this.#starts = new Uint32Array(wanted.length + 1)
    this.#heads = new Float64Array(wanted.length)
    this.#bytes = Buffer.allocUnsafeSlow(Math.max(1024, wanted.length * 24))
    let length = 0
    wanted.forEach((channel, place) => {
      const records = channels.records.open(channels.face[channel] as number)
      const { start, end } = sortedValue(records, needle)
      const size = writeSortKey(records.bytes, start, end, scratch)
      if (length + size > this.#bytes.length) this.#grow(length, size)
      for (let at = 0; at < size; at++) this.#bytes[length + at] = scratch[at] as number
      let head = 0
      for (let at = 0; at < 6; at++) head = head * 256 + (at < size ? (scratch[at] as number) : 0)
      this.#heads[place] = head
      length += size
      this.#starts[place + 1] = length
    })
  }

  compare(a: number, b: number): number {
    const heads = (this.#heads[a] as number) - (this.#heads[b] as number)
    if (heads !== 0) return heads
    const [endA, endB] = [this.#starts[a + 1] as number, this.#starts[b + 1] as number]
    let [atA, atB] = [(this.#starts[a] as number) + 6, (this.#starts[b] as number) + 6]
    const bytes = this.#bytes
    while (atA < endA && atB < endB) {
      const difference = (bytes[atA++] as number) - (bytes[atB++] as number)
      if (difference !== 0) return difference
    }
    return endA - atA - (endB - atB)
  }

  #grow(length: number, more: number): void {
    const grown = Buffer.allocUnsafeSlow(Math.max(length + more, this.#bytes.length * 2))
    this.#bytes.copy(grown, 0, 0, length)
    this.#bytes = grown
  }
}

/** Where the open record has the attribute's value, or its name when it has none. */
function sortedValue(records: RecordSet, needle: Buffer): Place {
  const value = findAttribute(records, needle)
  if (value !== null && value.end > value.start) return value
  return { start: records.starts[field.name] as number, end: records.ends[field.name] as number }
}
