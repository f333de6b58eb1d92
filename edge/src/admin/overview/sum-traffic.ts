import {
  type Overview,
  type TrafficPoint,
  type TrafficReport,
  trafficPoints,
  trafficStepSeconds,
} from "@tributary/shared/admin-api/overview"

/** What several streamers carry, as if it were one. */
export function sumTraffic(reports: readonly TrafficReport[]): Pick<Overview, "now" | "traffic"> {
  const now = { streams: 0, viewers: 0, bitsPerSecondIn: 0, bitsPerSecondOut: 0 }
  for (const report of reports) {
    now.streams += report.now.streams
    now.viewers += report.now.viewers
    now.bitsPerSecondIn += report.now.bitsPerSecondIn
    now.bitsPerSecondOut += report.now.bitsPerSecondOut
  }
  return { now, traffic: { stepSeconds: trafficStepSeconds, points: sumPoints(reports) } }
}

function sumPoints(reports: readonly TrafficReport[]): TrafficPoint[] {
  const end = lastCommonStep(reports.flatMap(({ points }) => points.at(-1)?.at ?? []))
  const sums = new Map<number, TrafficPoint>()
  for (const { points } of reports)
    for (const { at, bytesPerSecondIn, bytesPerSecondOut, viewers, streams } of points) {
      if (at > end) continue
      const sum = sums.get(at) ?? { at, bytesPerSecondIn: 0, bytesPerSecondOut: 0, viewers: 0, streams: 0 }
      sum.bytesPerSecondIn += bytesPerSecondIn
      sum.bytesPerSecondOut += bytesPerSecondOut
      sum.viewers += viewers
      sum.streams += streams
      sums.set(at, sum)
    }
  return [...sums.values()].sort((one, other) => one.at - other.at).slice(-trafficPoints)
}

/** The newest step, or the one before it while some are just about to finish the newest: it would be shown too low. */
function lastCommonStep(last: readonly number[]): number {
  const newest = Math.max(...last)
  const before = newest - trafficStepSeconds * 1000
  return last.includes(before) ? before : newest
}
