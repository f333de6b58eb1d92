import { categoryId } from "@tributary/shared/catalogue/category-id"
import { field, groupEnd } from "../catalogue/record.ts"
import { HashTable } from "./hash-table.ts"
import { Hashes } from "./hashes.ts"
import type { RecordSet } from "./record-set.ts"

interface GroupSet {
  /** `category_id` and `category_ids` as JSON members (Xtream). */
  categories: Buffer
  /** The names as a JSON list. */
  names: Buffer
}

/** What is written of the groups that channels are in; made once for each combination, which most share. */
export class GroupSets {
  readonly #table = new HashTable(256)
  readonly #sets: GroupSet[] = []
  readonly #hashes = new Hashes()

  /** Of the open record. */
  of(records: RecordSet): GroupSet {
    const { bytes, starts, ends } = records
    this.#hashes
      .begin()
      .bytes(bytes, starts[field.groups] as number, ends[field.groups] as number)
      .end()
    const next = this.#sets.length
    const number = this.#table.add(this.#hashes.one, this.#hashes.two, next)
    if (number === next) this.#sets.push(groupSet(records.text("groups")))
    return this.#sets[number] as GroupSet
  }
}

function groupSet(text: string): GroupSet {
  const names = text === "" ? [] : text.split(String.fromCharCode(groupEnd))
  const ids = names.map(categoryId)
  return {
    categories: Buffer.from(`"category_id":"${ids[0] ?? "0"}","category_ids":[${ids.join(",")}]`),
    names: Buffer.from(JSON.stringify(names)),
  }
}
