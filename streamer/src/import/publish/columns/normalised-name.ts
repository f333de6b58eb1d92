import { normaliseName } from "@tributary/shared/catalogue/group-key"
import { field } from "../../catalogue/record.ts"
import { foldLatin, latinFold } from "./latin-letters.ts"
import type { RecordSet } from "./record-set.ts"

/** The normalised name of a record, as bytes: most are made without a text of their own. */
export class NormalisedName {
  bytes = Buffer.allocUnsafeSlow(1024)
  length = 0

  /** Of the record that is open. */
  read(records: RecordSet): this {
    const start = records.starts[field.name] as number
    const end = records.ends[field.name] as number
    if (end - start <= this.bytes.length) this.length = normaliseLatin(records.bytes, start, end, this.bytes)
    else this.length = 0
    if (this.length > 0) return this
    const name = Buffer.from(normaliseName(records.text("name")))
    if (name.length > this.bytes.length) this.bytes = Buffer.allocUnsafeSlow(name.length)
    this.length = name.copy(this.bytes)
    return this
  }
}

const letters = latinFold(normaliseName)

/**
 * `normaliseName` of ASCII and most Latin letters, on bytes: its length in `target`, or 0 for text that has others,
 * or has nothing left.
 */
export function normaliseLatin(bytes: Uint8Array, start: number, end: number, target: Uint8Array): number {
  let length = 0
  for (let at = start; at < end; at++) {
    const byte = bytes[at] as number
    if (byte < 0x80) {
      if (byte <= 0x20 || byte === 0x7f) continue
      target[length++] = byte >= 0x41 && byte <= 0x5a ? byte | 0x20 : byte
      continue
    }
    const folded = foldLatin(letters, byte, bytes[++at] as number)
    if (folded === null) return 0
    for (const one of folded) target[length++] = one
  }
  return length
}
