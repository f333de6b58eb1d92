import type { EdgeClient } from "../../store/edge-client.ts"
import { readCatalogue, readPart, type StoredCatalogue } from "../catalogue/stored-catalogue.ts"
import { RecordSet } from "./columns/record-set.ts"

/** The stored catalogues of sources, in their order; those that have none yet are left out. */
export interface Catalogues {
  sources: string[]
  stored: StoredCatalogue[]
}

export async function readCatalogues(edge: EdgeClient, sources: readonly string[]): Promise<Catalogues> {
  const all = await Promise.all(
    sources.map(async (source) => ({ source, stored: await readCatalogue(edge, source) })),
  )
  const found = all.flatMap(({ source, stored }) => (stored === null ? [] : [{ source, stored }]))
  return { sources: found.map(({ source }) => source), stored: found.map(({ stored }) => stored) }
}

/** All records of the catalogues; one part is fetched while the one before is read. */
export async function loadRecords(edge: EdgeClient, { sources, stored }: Catalogues): Promise<RecordSet> {
  const total = stored.reduce(
    (sum, { entries }) => sum + Object.values(entries).reduce((a, b) => a + b, 0),
    0,
  )
  const records = new RecordSet(total)
  for (const [number, source] of sources.entries()) {
    const catalogue = stored[number]
    if (catalogue === undefined) continue
    const read = (part: number) =>
      part < catalogue.parts.length ? readPart(edge, source, catalogue, part) : null
    let next = read(0)
    for (let part = 0; next !== null; part++) {
      const bytes = await next
      next = read(part + 1)
      // A failure is thrown where it is awaited.
      next?.catch(() => undefined)
      records.addPart(bytes, number)
    }
  }
  return records
}
