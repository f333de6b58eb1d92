import { categoryId } from "@tributary/shared/catalogue/category-id"
import { field, groupEnd } from "../../catalogue/record.ts"
import { HashTable } from "../columns/hash-table.ts"
import { Hashes } from "../columns/hashes.ts"
import type { ChannelSet } from "./channel-set.ts"

/** A combination of groups, and what is written of it. */
export interface GroupSet {
  readonly number: number
  /** Each name once. */
  readonly groups: readonly string[]
  /** `category_id` and `category_ids` as JSON members (Xtream). */
  readonly categories: Buffer
  /** The names as a JSON list. */
  readonly names: Buffer
}

/** Which groups every channel is in: most share one of a few combinations. */
export class GroupSets {
  readonly #ofChannel: Uint32Array
  readonly #sets: GroupSet[] = []

  /** Of the channels as they are shown now. */
  constructor(channels: ChannelSet) {
    const { records } = channels
    const table = new HashTable(256)
    const hashes = new Hashes()
    this.#ofChannel = new Uint32Array(channels.count)
    for (let channel = 0; channel < channels.count; channel++) {
      const { bytes, starts, ends } = records.open(channels.face[channel] as number)
      hashes
        .begin()
        .bytes(bytes, starts[field.groups] as number, ends[field.groups] as number)
        .end()
      const next = this.#sets.length
      const number = table.add(hashes.one, hashes.two, next)
      if (number === next) this.#sets.push(groupSet(next, records.text("groups")))
      this.#ofChannel[channel] = number
    }
  }

  get count(): number {
    return this.#sets.length
  }

  of(channel: number): GroupSet {
    return this.#sets[this.#ofChannel[channel] as number] as GroupSet
  }
}

function groupSet(number: number, text: string): GroupSet {
  const groups = text === "" ? [] : [...new Set(text.split(String.fromCharCode(groupEnd)))]
  const ids = groups.map(categoryId)
  return {
    number,
    groups,
    categories: Buffer.from(`"category_id":"${ids[0] ?? "0"}","category_ids":[${ids.join(",")}]`),
    names: Buffer.from(JSON.stringify(groups)),
  }
}
