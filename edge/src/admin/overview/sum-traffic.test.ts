import type { TrafficReport } from "@tributary/shared/admin-api/overview"
import { describe, expect, it } from "vitest"
import { sumTraffic } from "./sum-traffic.ts"

const step = 10_000
const start = Date.UTC(2026, 0, 2)

/** A streamer that carries so much at each of these steps. */
const report = (carried: number, steps: number[]): TrafficReport => ({
  now: { streams: 1, viewers: carried, bitsPerSecondIn: 8 * carried, bitsPerSecondOut: 16 * carried },
  stepSeconds: 10,
  points: steps.map((number) => ({
    ...{ at: start + number * step, bytesPerSecondIn: carried, bytesPerSecondOut: 2 * carried },
    ...{ viewers: carried, streams: 1 },
  })),
})
const shown = (...reports: TrafficReport[]) =>
  sumTraffic(reports).traffic.points.map(({ at, bytesPerSecondIn }) => [
    (at - start) / step,
    bytesPerSecondIn,
  ])

describe("the sum of what streamers carry", () => {
  it("is nothing of none", () => {
    expect(sumTraffic([])).toEqual({
      now: { streams: 0, viewers: 0, bitsPerSecondIn: 0, bitsPerSecondOut: 0 },
      traffic: { stepSeconds: 10, points: [] },
    })
  })

  it("adds up what was at one time", () => {
    const { now, traffic } = sumTraffic([report(1, [1, 2, 3]), report(10, [2, 3])])
    expect(now).toEqual({ streams: 2, viewers: 11, bitsPerSecondIn: 88, bitsPerSecondOut: 176 })
    expect(traffic.points[1]).toEqual({
      ...{ at: start + 2 * step, bytesPerSecondIn: 11, bytesPerSecondOut: 22, viewers: 11, streams: 2 },
    })
    expect(shown(report(1, [1, 2, 3]), report(10, [2, 3]))).toEqual([
      [1, 1],
      [2, 11],
      [3, 11],
    ])
  })

  it("leaves out the newest step until all have finished it, but waits for no dead one", () => {
    expect(shown(report(1, [1, 2, 3]), report(10, [1, 2]))).toEqual([
      [1, 11],
      [2, 11],
    ])
    expect(shown(report(1, [1, 2, 3, 4]), report(10, [1, 2]), report(100, []))).toEqual([
      [1, 11],
      [2, 11],
      [3, 1],
      [4, 1],
    ])
  })

  it("is of an hour at most", () => {
    const long = Array.from({ length: 360 }, (_, number) => number)
    const points = shown(
      report(1, long),
      report(
        1,
        long.map((number) => number + 5),
      ),
    )
    expect(points).toHaveLength(360)
    expect(points[0]?.[0]).toBe(5)
  })
})
