import { describe, expect, it } from "vitest"
import {
  bandwidthSummary,
  chartPoints,
  periodInWords,
  sharingRatio,
  viewersSummary,
} from "./traffic-words.ts"

const now = (bitsPerSecondIn: number, bitsPerSecondOut: number) => ({
  ...{ streams: 1, viewers: 1, bitsPerSecondIn, bitsPerSecondOut },
})
const point = (at: number, bytesPerSecondIn: number, bytesPerSecondOut: number, viewers: number) => ({
  ...{ at, bytesPerSecondIn, bytesPerSecondOut, viewers, streams: 1 },
})

describe("the traffic in words", () => {
  it("says how often what came in went out", () => {
    expect([sharingRatio(now(2_000_000, 5_000_000)), sharingRatio(now(0, 5_000_000))]).toEqual(["2.5×", null])
  })

  it("tells bytes as bits", () => {
    const points = chartPoints([point(0, 125_000, 250_000, 2), point(10_000, 0, 500_000, 4)])
    expect(bandwidthSummary(points)).toBe(
      "In from providers: now 0 bit/s, lowest 0 bit/s, highest 1.00 Mbit/s. " +
        "Out to viewers: now 4.00 Mbit/s, lowest 2.00 Mbit/s, highest 4.00 Mbit/s.",
    )
    expect(viewersSummary(points)).toBe("Viewers: now 4, lowest 2, highest 4.")
  })

  it("says for how long it is known, the last step included", () => {
    const points = [point(0, 0, 0, 0), point(50_000, 0, 0, 0)]
    expect(periodInWords({ stepSeconds: 10, points })).toBe("the last 1 min")
    expect(periodInWords({ stepSeconds: 10, points: [] })).toBe("nothing yet")
  })
})
