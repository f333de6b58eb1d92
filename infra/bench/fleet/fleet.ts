import type { Bench } from "../bench.ts"
import { figure, type Report } from "../report.ts"
import { oneRegion, type Region, threeRegions } from "./regions.ts"
import { type Day, simulateDay } from "./simulate-day.ts"

const seed = 1
// Of all requests, where a task runs at all times. A player asks again after seconds.
const mostRefused = 0.001
// Where none may run: what a task takes to start, and until a player asks again.
const longestWaitSeconds = 90

/** Nothing is started or called: people, ECS and players are simulated, what is decided each minute is real. */
export const fleet: Bench = {
  name: "fleet",
  title: "a day of viewers in three regions, with the fleet that the edge's cron would have run for them",
  run: async (report) => {
    sayDay(report, "10 viewers, 1 region, minimum 0", oneRegion(10))
    sayDay(report, "1,000 viewers, 1 region, minimum 0", oneRegion(1_000))
    sayDay(report, "10,000 viewers, 3 regions", threeRegions(10_000, 1))
    sayDay(report, "40,000 viewers, 3 regions", threeRegions(40_000, 1))
  },
}

function sayDay(report: Report, who: string, regions: readonly Region[]): void {
  const day = simulateDay(regions, seed)
  const requests = day.admitted + day.refused
  const mayBeEmpty = regions.some(({ limits }) => limits.minimum === 0)
  report.row(`${who}: most that watch at once`, String(day.peakViewers))
  report.row(`${who}: tasks at most`, String(day.peakTasks))
  sayTaskHours(report, who, day)
  report.row(
    `${who}: requests refused while a task started`,
    `${day.refused} of ${requests}, longest wait ${day.longestWaitSeconds} s`,
    mayBeEmpty ? `wait ≤ ${longestWaitSeconds} s` : `≤ ${mostRefused * 100} %`,
    mayBeEmpty ? day.longestWaitSeconds <= longestWaitSeconds : day.refused <= requests * mostRefused,
  )
  report.row(
    `${who}: provider connections at most`,
    `${day.peakConnections}, ${day.peakConnectionsUnshared} with one for each viewer`,
  )
  report.row(
    `${who}: deployment at 17:00 UTC`,
    `old tasks gone after ${Math.round(day.deploySeconds / 60)} min, when their last films had ended`,
  )
}

function sayTaskHours(report: Report, who: string, day: Day): void {
  const always = day.peakTasks * 24
  report.row(
    `${who}: task hours`,
    `${figure(day.taskHours)}, ${figure((day.taskHours / always) * 100)} % of the peak's tasks all day, ` +
      `${figure(day.taskHours / day.filledTaskHours)}× what is filled`,
  )
  report.row(`${who}: viewer hours`, `${figure(day.viewerHours)}, ${day.tasksStarted} tasks started`)
}
