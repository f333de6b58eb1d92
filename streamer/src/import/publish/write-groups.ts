import { field, groupEnd } from "../catalogue/record.ts"
import type { ByteWriter } from "./byte-writer.ts"
import type { RecordSet } from "./record-set.ts"

/** The open record's groups as a JSON list. */
export function writeGroups({ bytes, starts, ends }: RecordSet, out: ByteWriter): void {
  const end = ends[field.groups] as number
  out.ascii("[")
  for (let start = starts[field.groups] as number; start < end; ) {
    let to = start
    while (to < end && bytes[to] !== groupEnd) to++
    out.json(bytes, start, to)
    if (to < end) out.ascii(",")
    start = to + 1
  }
  out.ascii("]")
}
