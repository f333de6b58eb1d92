import { type GroupBy, groupKey } from "@tributary/shared/catalogue/group-key"
import { field, kindBytes } from "../../catalogue/record.ts"
import { Hashes } from "../columns/hashes.ts"
import { NormalisedName } from "../columns/normalised-name.ts"
import type { RecordSet } from "../columns/record-set.ts"

/** Hashes what makes records one channel (`GROUP_BY`). */
export class ChannelKeys {
  readonly #records: RecordSet
  readonly #groupBy: GroupBy
  readonly #name = new NormalisedName()
  readonly #hashes = new Hashes()

  constructor(records: RecordSet, groupBy: GroupBy) {
    this.#records = records
    this.#groupBy = groupBy
  }

  /**
   * Opens the record. Kinds never mix: a movie and a channel of one name are two. `isName`: the hashes are those
   * of the normalised name alone.
   */
  of(record: number): { one: number; two: number; isName: boolean } {
    const records = this.#records.open(record)
    const kind = records.bytes[records.starts[field.kind] as number] as number
    const hashes = this.#hashes.begin()
    if (kind !== kindBytes.live) hashes.mark(kind).mark(0)
    const isByName = this.#groupBy === "name" || (this.#groupBy === "tvg-id" && records.isEmpty("tvgId"))
    const name = isByName ? this.#name.read(records) : null
    if (name !== null && name.length > 0) hashes.bytes(name.bytes, 0, name.length)
    else hashes.text(groupKey(this.#groupBy, { name: records.text("name"), tvgId: records.text("tvgId") }))
    const { one, two } = hashes.end()
    return { one, two, isName: kind === kindBytes.live && name !== null && name.length > 0 }
  }
}
