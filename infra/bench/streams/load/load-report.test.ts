import { describe, expect, it } from "vitest"
import { loadReport } from "./load-report.ts"

const viewer = (bytes: number, changes = {}) => ({
  bytes,
  status: 200,
  firstByteMs: 5,
  isGone: false,
  ...changes,
})
const window = { seconds: 2, ownCpuSeconds: 0.5, serverCpuSeconds: [1] }

describe("a report of a load", () => {
  it("counts only what came in its window, viewer by viewer", () => {
    const before = [viewer(1_000_000), viewer(0), viewer(500)]
    const after = [viewer(3_000_000), viewer(1_000_000), viewer(500)]
    expect(loadReport(before, after, window)).toEqual({
      viewers: 3,
      closed: 0,
      non200: 0,
      silent: 0,
      seconds: 2,
      gigabits: 0.024,
      gigabitsPerSecond: 0.012,
      megabitsPerSecond: { min: 0, p50: 4, max: 8 },
      firstByteMs: { p50: 5, max: 5 },
      ownCpuShare: 0.25,
      serverCpuSeconds: [1],
    })
  })

  it("counts who left, was refused, or never got a byte", () => {
    const after = [
      viewer(1, { isGone: true, firstByteMs: 7 }),
      viewer(1, { status: 503, firstByteMs: 9 }),
      viewer(0, { status: 0, firstByteMs: null }),
    ]
    expect(loadReport([], after, window)).toMatchObject({
      closed: 1,
      non200: 2,
      silent: 1,
      firstByteMs: { p50: 8, max: 9 },
    })
  })
})
