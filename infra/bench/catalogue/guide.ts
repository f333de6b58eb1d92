import { guideJob } from "@tributary/shared/store/keys"
import type { Bench } from "../bench.ts"
import { m3uList, xmltvGuide } from "../inputs/write-inputs.ts"
import { forgetPeak, processUse } from "../process-use.ts"
import { figure } from "../report.ts"
import { listSource, startCatalogueSystem } from "../system/catalogue-system.ts"
import { bareLoopSeconds } from "../system/run-bare-loop.ts"

const channels = 1500
const programmesEach = 160
const mostMegabytes = 250
const daySeconds = 86_400

export const guide: Bench = {
  name: "guide",
  title: "an XMLTV of 100 MB, all of whose channels are in the catalogue, in a fresh streamer",
  run: async (report, shared) => {
    const start = (Math.floor(Date.now() / 1000 / daySeconds) - 1) * daySeconds
    const shape = { channels, programmesEach, start }
    const name = "guide"
    const opened = await shared.open(name, () =>
      startCatalogueSystem({
        guide: xmltvGuide({ channels: 1, programmesEach: 1, start: start + daySeconds }),
      }),
    )
    const { serve, imports, owner, streamer } = opened
    await serve("list", m3uList(channels, owner))
    const bytes = await serve("guide", xmltvGuide(shape))
    forgetPeak(streamer)
    const idle = processUse(streamer)
    const { seconds, timeline } = await imports.importNow()
    const after = processUse(streamer)
    const programmes = (channels * programmesEach).toLocaleString("en")
    const title = `${figure(bytes / 1e6)} MB, ${channels} channels, ${programmes} programmes`
    const alone = timeline.seconds([guideJob(listSource), "fetching"], [guideJob(listSource), "done"])
    report.row(`${title}: due to published`, `${figure(seconds)} s`)
    report.row("of that fetch, parse and store the guide", `${figure(alone ?? Number.NaN)} s`)
    const bare = await bareLoopSeconds(`${owner.server}/guide`)
    report.row("a bare loop (download, split lines, sha256)", `${figure(bare)} s`)
    report.atMost("peak resident memory of the streamer", after.peakBytes / 1e6, mostMegabytes, "MB")
    const cpuSeconds = after.cpuSeconds - idle.cpuSeconds
    report.row("resident before, CPU time", `${figure(idle.residentBytes / 1e6)} MB, ${figure(cpuSeconds)} s`)
    await shared.closeOne(name)
  },
}
