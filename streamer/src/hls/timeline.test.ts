import { describe, expect, it } from "vitest"
import { wrapTicks } from "../mpegts/clock.ts"
import { Timeline } from "./timeline.ts"
import { Timelines } from "./timelines.ts"

const second = 90_000
const noon = 1_800_000_000_000

describe("a time of a stream's clock", () => {
  it("has one date, whenever it comes to whom", () => {
    const timeline = new Timeline(0)
    expect(timeline.dateOf(500 * second, noon)).toBe(noon)
    expect(timeline.dateOf(502 * second, noon + 9_000)).toBe(noon + 2_000)
    expect(timeline.dateOf(498.5 * second, noon + 700)).toBe(noon - 1_500)
  })

  it("has the date when it comes where it does not tell", () => {
    expect(new Timeline(0).dateOf(null, noon)).toBe(noon)
  })

  it("has its date for days, though the clock turns round", () => {
    const timeline = new Timeline(0)
    const hours = Array.from({ length: 72 }, (_, hour) => hour)
    for (const hour of hours)
      expect(timeline.dateOf(wrapTicks(hour * 3_600 * second), noon + hour * 3_600_000 + 5_000)).toBe(
        noon + 5_000 + hour * 3_600_000,
      )
  })

  it("has another one on another clock, while some are still on the one before", () => {
    const timeline = new Timeline(0)
    timeline.dateOf(50_000 * second, noon)
    expect(timeline.dateOf(10 * second, noon + 1_000)).toBe(noon + 1_000)
    expect(timeline.dateOf(50_002 * second, noon + 3_000)).toBe(noon + 2_000)
    expect(timeline.dateOf(12 * second, noon + 4_000)).toBe(noon + 3_000)
  })
})

describe("timelines", () => {
  it("are one for all who name the same live stream, and number on from the live stream before", () => {
    const timelines = new Timelines()
    const [one, next] = [{}, {}]
    const first = timelines.of({ name: "news", live: one })
    first.noteSegment(2, noon)
    expect(timelines.of({ name: "news", live: one })).toBe(first)
    expect(timelines.of({ name: "sport", live: one }).discontinuity).toBe(0)
    expect(timelines.of({ name: "news", live: next }).discontinuity).toBe(3)
  })
})
