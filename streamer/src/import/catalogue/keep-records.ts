import type { EntryKind } from "@tributary/shared/catalogue/entry"
import type { EdgeClient } from "../../store/edge-client.ts"
import { kindBytes, recordEnd } from "./record.ts"
import { type CatalogueUpload, readPart, type StoredCatalogue } from "./stored-catalogue.ts"

export interface KeepRecordsOptions {
  edge: EdgeClient
  source: string
  /** The last good catalogue. */
  last: StoredCatalogue | null
  kind: EntryKind
  upload: CatalogueUpload
}

/** Takes over the last good records of a kind whose list could not be had this time. */
export async function keepRecords({ edge, source, last, kind, upload }: KeepRecordsOptions): Promise<void> {
  if (last === null || last.entries[kind] === 0) return
  for (let part = 0; part < last.parts.length; part++) {
    const bytes = await readPart(edge, source, last, part)
    for (let start = 0; start < bytes.length; ) {
      const end = bytes.indexOf(recordEnd, start)
      if (bytes[start] === kindBytes[kind]) {
        upload.writer.begin(kind)
        upload.writer.copy(bytes, start + 2, end)
        upload.writer.end()
      }
      start = end + 1
    }
    await upload.ready()
  }
}
