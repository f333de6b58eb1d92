import { m3uList } from "../inputs/write-inputs.ts"
import { processUse } from "../process-use.ts"
import type { Shared } from "../shared.ts"
import { type CatalogueSystem, startCatalogueSystem } from "./catalogue-system.ts"
import type { ImportRun } from "./watch-imports.ts"

/** A system with an imported list, and what its import took. */
export interface ListCatalogue extends CatalogueSystem {
  listBytes: number
  run: ImportRun
  /** What the streamer's process had and used. */
  use: { idleBytes: number; peakBytes: number; cpuSeconds: number }
}

/** The system with a list of so many entries; who asks first waits for its import. `around` runs beside that. */
export function listCatalogue(
  shared: Shared,
  entries: number,
  around: (opened: CatalogueSystem, importing: () => Promise<ImportRun>) => Promise<ImportRun> = (
    _,
    importing,
  ) => importing(),
): Promise<ListCatalogue> {
  return shared.open(`list of ${entries}`, async () => {
    const opened = await startCatalogueSystem({ demo: true })
    try {
      const listBytes = await opened.serve("list", m3uList(entries, opened.owner))
      const before = processUse(opened.streamer)
      let cpuSeconds = 0
      const run = await around(opened, async () => {
        const imported = await opened.imports.importNow()
        cpuSeconds = processUse(opened.streamer).cpuSeconds - before.cpuSeconds
        return imported
      })
      const { peakBytes } = processUse(opened.streamer)
      return { ...opened, listBytes, run, use: { idleBytes: before.residentBytes, peakBytes, cpuSeconds } }
    } catch (error) {
      await opened.close()
      throw error
    }
  })
}
