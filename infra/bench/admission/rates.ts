import { figure, type Report } from "../report.ts"
import { quantile } from "../statistics.ts"
import type { AdmissionPaths } from "./admission-paths.ts"
import type { AdmissionSystem } from "./admission-system.ts"
import { type Load, leasesIn, load } from "./load.ts"
import { millisecondsPerScript } from "./redis-use.ts"

const warmRequests = 100
const loads = [
  { concurrency: 1, seconds: 3 },
  { concurrency: 16, seconds: 5 },
] as const

/** How fast the edge admits, and where its time goes. */
export async function sayRates(
  report: Report,
  { edge, redisDuring, leasesOf }: AdmissionSystem,
  paths: AdmissionPaths,
): Promise<void> {
  const floor = { path: () => "/nowhere", status: 404 }
  for (const path of [floor, { path: paths.join, status: 302 }])
    await load(edge, { concurrency: 4, seconds: 5, requests: warmRequests, ...path })
  for (const { concurrency, seconds } of loads) {
    const at = `${concurrency} at once`
    const nothing = await load(edge, { concurrency, seconds, ...floor })
    const floorMs = sayLoad(report, `a 404 without the store, ${at}`, nothing)
    for (const kind of ["join", "open"] as const) {
      const use = await redisDuring(() =>
        load(edge, { concurrency, seconds, path: paths[kind], status: 302 }),
      )
      const what = `admissions (${kind}), ${at}`
      const p50 = sayLoad(report, what, use.result)
      const leases = await leasesOf("list")
      const redisMs = millisecondsPerScript(use)
      report.row(
        `${what}: of p50`,
        `${figure(p50 / floorMs)} times the 404; Redis ${figure(redisMs)} ms (${percent(redisMs / p50)}), ${leases} leases`,
      )
      sayKind(report, what, kind, use.result)
    }
  }
}

/** Gives the p50 in ms. */
function sayLoad(report: Report, what: string, { milliseconds, perSecond, answered, others }: Load): number {
  const [p50, p99] = [quantile(milliseconds, 0.5), quantile(milliseconds, 0.99)]
  report.row(what, `${figure(perSecond)} a second, p50 ${figure(p50)} ms, p99 ${figure(p99)} ms`)
  if (others > 0) report.row(`${what}: answered otherwise`, `${others} beside ${answered}`, "0", false)
  return p50
}

/** Whether they were what they were to be: those who join are given one lease, the others one each. */
function sayKind(report: Report, what: string, kind: keyof AdmissionPaths, { locations }: Load): void {
  const leases = leasesIn(locations).size
  const wanted = kind === "join" ? Math.min(1, locations.length) : locations.length
  if (leases !== wanted) report.row(`${what}: leases`, `${leases}`, `${wanted}`, false)
}

const percent = (share: number) => `${figure(share * 100)} %`
