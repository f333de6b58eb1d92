import type { Entry, EntryKind } from "@tributary/shared/catalogue/entry"
import type { RecordWriter } from "../catalogue/record-writer.ts"

/** Which entries of a list are written, and where. */
export interface EntrySink {
  writer: RecordWriter
  kinds: ReadonlySet<EntryKind>
  /** null: all are. */
  wanted: ((name: string, groups: readonly string[]) => boolean) | null
}

export function writeWanted(entry: Entry, { writer, kinds, wanted }: EntrySink): void {
  if (kinds.has(entry.kind) && (wanted === null || wanted(entry.name, entry.groups))) writer.write(entry)
}
