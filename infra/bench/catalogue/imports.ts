import { setTimeout as delay } from "node:timers/promises"
import { publishJob } from "@tributary/shared/store/keys"
import { openPlayer, type Player } from "../../e2e/player/play.ts"
import type { Bench } from "../bench.ts"
import { m3uList } from "../inputs/write-inputs.ts"
import { forgetPeak, processUse } from "../process-use.ts"
import { figure, type Report } from "../report.ts"
import { type CatalogueSystem, listSource } from "../system/catalogue-system.ts"
import { type ListCatalogue, listCatalogue } from "../system/list-catalogue.ts"
import { bareLoopSeconds } from "../system/run-bare-loop.ts"
import type { ImportRun } from "../system/watch-imports.ts"

const targets = [
  { entries: 100_000, seconds: 2.5, watched: false },
  { entries: 1_000_000, seconds: 25, watched: true },
] as const
const mostMegabytes = 700
const longestGapMs = 100
const demoChannel = "Tributary News HD"

export const imports: Bench = {
  name: "import",
  title: "a list from its fetch to its publication, through the whole system with one streamer",
  run: async (report, shared) => {
    for (const { entries, seconds, watched } of targets) {
      const gaps: Gaps = { importing: null, undisturbed: null }
      const catalogue = await listCatalogue(shared, entries, (opened, importing) =>
        watched ? withViewer(opened, importing, gaps) : importing(),
      )
      const title = `${entries.toLocaleString("en")} entries`
      report.say(`${title}, ${figure(catalogue.listBytes / 1e6)} MB`)
      report.atMost(`${title}: due to published`, catalogue.run.seconds, seconds, "s")
      await sayMore(report, title, catalogue)
      sayGaps(report, title, gaps)
      if (watched) await sayAgain(report, title, catalogue, entries)
    }
  },
}

async function sayMore(report: Report, title: string, { run, use, listUrl }: ListCatalogue): Promise<void> {
  report.row(`${title}: of that`, phasesOf(run))
  const { peakBytes, idleBytes, cpuSeconds, edgeCpuSeconds } = use
  report.atMost(`${title}: peak resident memory of the streamer`, peakBytes / 1e6, mostMegabytes, "MB")
  report.row(`${title}: resident before`, `${figure(idleBytes / 1e6)} MB`)
  const cpu = `${figure(cpuSeconds)} s, ${figure(edgeCpuSeconds)} s`
  report.row(`${title}: CPU time of the streamer, of the edge with its R2`, cpu)
  const bare = await bareLoopSeconds(listUrl)
  report.row(
    `${title}: a bare loop (download, split lines, sha256)`,
    `${figure(bare)} s; the import takes ${figure(run.seconds / bare)} times as long`,
  )
}

/** The way of an import, in seconds. */
function phasesOf({ timeline, seconds }: ImportRun): string {
  const source = timeline.secondsAt(listSource, "done")
  const phases: [string, number | null][] = [
    ["fetch, parse and store", source],
    ["load and group", timeline.seconds([publishJob, "grouping"], [publishJob, "rendering"])],
    ["render and upload", timeline.seconds([publishJob, "rendering"], [publishJob, "uploading"])],
    ["last uploads and flip", timeline.seconds([publishJob, "uploading"], [publishJob, "done"])],
  ]
  const known = phases.reduce((sum, [, part]) => sum + (part ?? 0), 0)
  return [...phases, ["between", seconds - known] as const]
    .map(([name, part]) => `${name} ${part === null ? "–" : figure(part)} s`)
    .join(", ")
}

/** Most lists change little from one import to the next; the ids of all channels are known then. */
async function sayAgain(
  report: Report,
  title: string,
  { serve, imports: watch, owner, streamer }: ListCatalogue,
  entries: number,
): Promise<void> {
  await serve("list", m3uList(entries, owner, 100))
  forgetPeak(streamer)
  const run = await watch.importNow()
  report.row(`${title}: again, one in a hundred changed`, `${figure(run.seconds)} s: ${phasesOf(run)}`)
  const { peakBytes } = processUse(streamer)
  report.atMost(`${title}: peak resident memory of the streamer then`, peakBytes / 1e6, mostMegabytes, "MB")
}

interface Gaps {
  importing: number | null
  undisturbed: number | null
}

/** Has somebody watch a channel through the streamer while it imports, and as long again afterwards. */
async function withViewer(
  opened: CatalogueSystem,
  importing: () => Promise<ImportRun>,
  gaps: Gaps,
): Promise<ImportRun> {
  const url = opened.viewerUrl(`/stream/${encodeURIComponent(demoChannel)}`)
  const [run, gap] = await gapWhile(url, importing)
  gaps.importing = gap
  const [, undisturbed] = await gapWhile(url, () => delay(run.seconds * 1000))
  gaps.undisturbed = undisturbed
  return run
}

/** The longest gap in ms that a viewer of `url` sees while `work` runs, from when the picture is there. */
async function gapWhile<T>(url: string, work: () => Promise<T>): Promise<[T, number]> {
  let player: Player | null = null
  try {
    player = openPlayer(url)
    await player.waitFor(({ keyframes, bytes }) => keyframes > 0 && bytes > 500_000, 30_000)
    const result = await work()
    const { maxGapMs, ccErrors, ended } = player.report()
    if (ended !== null || ccErrors > 0)
      throw new Error(`the viewer's stream broke: ${ended}, ${ccErrors} errors`)
    return [result, maxGapMs]
  } finally {
    await player?.close()
  }
}

function sayGaps(report: Report, title: string, { importing, undisturbed }: Gaps): void {
  if (importing === null || undisturbed === null) return
  report.atMost(`${title}: longest gap of a viewer of that streamer meanwhile`, importing, longestGapMs, "ms")
  report.row(`${title}: longest gap in as long without an import`, `${figure(undisturbed)} ms`)
}
