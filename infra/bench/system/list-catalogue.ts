import { m3uList } from "../inputs/write-inputs.ts"
import { forgetPeak, processUse } from "../process-use.ts"
import type { Shared } from "../shared.ts"
import { type CatalogueSystem, startCatalogueSystem } from "./catalogue-system.ts"
import type { ImportRun } from "./watch-imports.ts"
import { edgeProcess } from "./worker-process.ts"

/** A system with an imported list, and what its import took. */
export interface ListCatalogue extends CatalogueSystem {
  listBytes: number
  run: ImportRun
  /** What the processes of streamer and edge (R2 included) had and used meanwhile. */
  use: { idleBytes: number; peakBytes: number; cpuSeconds: number; edgeCpuSeconds: number }
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
      const edge = await edgeProcess(opened.system)
      const idleBytes = processUse(opened.streamer).residentBytes
      const use = { idleBytes, peakBytes: 0, cpuSeconds: 0, edgeCpuSeconds: 0 }
      const run = await around(opened, async () => {
        forgetPeak(opened.streamer)
        const [streamerBefore, edgeBefore] = [processUse(opened.streamer), processUse(edge)]
        const imported = await opened.imports.importNow()
        const { peakBytes, cpuSeconds } = processUse(opened.streamer)
        use.peakBytes = peakBytes
        use.cpuSeconds = cpuSeconds - streamerBefore.cpuSeconds
        use.edgeCpuSeconds = processUse(edge).cpuSeconds - edgeBefore.cpuSeconds
        return imported
      })
      return { ...opened, listBytes, run, use }
    } catch (error) {
      await opened.close()
      throw error
    }
  })
}
