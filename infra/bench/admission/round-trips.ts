import type { Report } from "../report.ts"
import { median } from "../statistics.ts"
import type { AdmissionPaths } from "./admission-paths.ts"
import type { AdmissionSystem } from "./admission-system.ts"
import { load } from "./load.ts"

const rounds = 3
const admissionsEach = 50
const longestSeconds = 5

/** How often the edge asks Redis for one admission. */
export async function sayRoundTrips(
  report: Report,
  { edge, gateway, beats }: AdmissionSystem,
  paths: AdmissionPaths,
): Promise<void> {
  const counted = { join: [] as number[], open: [] as number[] }
  for (let round = 0; round < rounds; round++) {
    // There is no heartbeat among them, if they are faster than the next one.
    await beats.next()
    for (const kind of ["join", "open"] as const) {
      const { requests, seconds, result } = await gateway.during(() =>
        load(edge, {
          ...{ concurrency: 1, seconds: longestSeconds, requests: admissionsEach },
          ...{ path: paths[kind], status: 302 },
        }),
      )
      if (result.others > 0) throw new Error(`${result.others} of ${admissionsEach} were not admitted`)
      const idle = await gateway.idle(seconds)
      counted[kind].push((requests - idle.requests) / result.answered)
    }
  }
  for (const kind of ["join", "open"] as const) {
    const what = `Redis round trips per admission (${kind}), median of ${rounds} times ${admissionsEach}`
    report.atMost(what, median(counted[kind]), 1, "requests")
  }
}
