import type { Bench } from "../bench.ts"
import type { Report } from "../report.ts"
import { admissionPaths } from "./admission-paths.ts"
import { type AdmissionSystem, startAdmissionSystem } from "./admission-system.ts"
import { sayHour } from "./hours.ts"
import { RadioPlayers } from "./radio-players.ts"
import { sayRates } from "./rates.ts"
import { sayRoundTrips } from "./round-trips.ts"
import { sayZaps } from "./zaps.ts"

const [few, some, lots] = [1, 50, 500]

export const admission: Bench = {
  name: "admission",
  title: "from a click to a redirect, live streams at rest, and zaps, through the whole system",
  run: async (report, shared) => {
    const name = "admission"
    const opened = await shared.open(name, startAdmissionSystem)
    const players = new RadioPlayers(opened)
    try {
      await measure(report, opened, players)
    } finally {
      await players.close()
      await shared.closeOne(name)
    }
  },
}

async function measure(report: Report, opened: AdmissionSystem, players: RadioPlayers): Promise<void> {
  await players.growTo(few)
  const paths = admissionPaths(opened, { live: 0, firstFree: lots })
  const failures: string[] = []
  const part = async (what: string, say: () => Promise<unknown>) => {
    try {
      await say()
    } catch (error) {
      failures.push(`${what}: ${String(error)}`)
      report.row(what, "could not be measured")
    }
  }
  await part("round trips", () => sayRoundTrips(report, opened, paths))
  await part("admissions per second", () => sayRates(report, opened, paths))
  await part("zaps", () => sayZaps(report, opened))
  for (const streams of [few, some, lots])
    await part(`live streams: ${streams}`, () => sayHour(report, opened, players, streams))
  if (failures.length > 0) throw new Error(failures.join("; "))
}
