import { field } from "../../catalogue/record.ts"
import type { RecordSet } from "./record-set.ts"

/** Where a value lies in a record's bytes. */
export interface Place {
  start: number
  end: number
}

/** An attribute's name as `findAttribute` wants it. */
export const attributeNeedle = (name: string) => Buffer.from(` ${name.toLowerCase()}="`)

/** The value of the open record's attribute, whatever the case of its name (of ASCII letters); null for none. */
export function findAttribute({ bytes, starts, ends }: RecordSet, needle: Buffer): Place | null {
  const last = (ends[field.attributes] as number) - needle.length
  for (let at = starts[field.attributes] as number; at <= last; at++) {
    if (bytes[at] !== 0x20 || !matches(bytes, at, needle)) continue
    const start = at + needle.length
    return { start, end: bytes.indexOf(0x22, start) }
  }
  return null
}

/** Without the case of ASCII letters; `needle` is in lower case. */
function matches(bytes: Buffer, at: number, needle: Buffer): boolean {
  for (let index = 1; index < needle.length; index++) {
    const byte = bytes[at + index] as number
    const lower = byte >= 0x41 && byte <= 0x5a ? byte | 0x20 : byte
    if (lower !== needle[index]) return false
  }
  return true
}
