import { describe, expect, it } from "vitest"
import type { TrafficSight } from "./look-at-traffic.ts"
import type { Total } from "./total-meter.ts"
import { TrafficHistory } from "./traffic-history.ts"

const start = Date.UTC(2026, 0, 2, 3, 4, 0)

const total = (carrier: unknown, bytes: number, isCounted = true): Total => ({ carrier, bytes, isCounted })

/** A history whose clock and traffic the test moves. */
function historyOf() {
  const sight: TrafficSight = { received: [], sent: [], viewers: 0, streams: 0 }
  const clock = { wall: start, monotonic: 5_000 }
  const history = new TrafficHistory({
    look: () => sight,
    now: () => clock.wall,
    monotonic: () => clock.monotonic,
  })
  const pass = (milliseconds: number) => {
    clock.wall += milliseconds
    clock.monotonic += milliseconds
  }
  /** So many samples 2 s apart, in each of which this much is carried. */
  const carry = (samples: number, bytesIn: number, bytesOut: number) => {
    const [received = 0, sent = 0] = [sight.received[0]?.bytes, sight.sent[0]?.bytes]
    for (let sample = 1; sample <= samples; sample++) {
      pass(2_000)
      sight.received = [total("a", received + sample * bytesIn)]
      sight.sent = [total("a", sent + sample * bytesOut)]
      history.sample()
    }
  }
  return { history, sight, clock, pass, carry }
}

describe("the history of the traffic", () => {
  it("is empty at first", () => {
    expect(historyOf().history.report()).toEqual({
      now: { streams: 0, viewers: 0, bitsPerSecondIn: 0, bitsPerSecondOut: 0 },
      ...{ stepSeconds: 10, points: [] },
    })
  })

  it("has a point for each ten seconds that are over, on steps that all streamers have", () => {
    const { history, sight, pass, carry } = historyOf()
    pass(3_000)
    history.sample()
    sight.viewers = 3
    sight.streams = 2
    // At 5, 7 and 9 s; then at 11, 13, 15, 17 and 19 s; then at 21 s.
    carry(3, 2_000, 4_000)
    expect(history.report().points).toEqual([])
    carry(5, 20_000, 40_000)
    carry(1, 2_000, 2_000)
    const { points, now } = history.report()
    expect(points).toEqual([
      // 6,000 bytes in the 9 s that it was there.
      { at: start, bytesPerSecondIn: 667, bytesPerSecondOut: 1_333, viewers: 3, streams: 2 },
      { at: start + 10_000, bytesPerSecondIn: 10_000, bytesPerSecondOut: 20_000, viewers: 3, streams: 2 },
    ])
    expect(now).toEqual({
      ...{ streams: 2, viewers: 3 },
      // Of the last five samples.
      ...{ bitsPerSecondIn: (82_000 / 10) * 8, bitsPerSecondOut: (162_000 / 10) * 8 },
    })
  })

  it("is of an hour, however long it goes on", () => {
    const { history, carry } = historyOf()
    carry(5 * 400, 1, 1)
    const { points } = history.report()
    expect(points).toHaveLength(360)
    expect(points.at(-1)?.at).toBe(start + 399 * 10_000)
    expect(points[0]?.at).toBe(start + 40 * 10_000)
  })

  it("counts what comes and goes once, and whatever takes its place anew", () => {
    const { history, sight, pass } = historyOf()
    const sample = (...received: TrafficSight["received"]) => {
      pass(2_000)
      sight.received = received
      history.sample()
    }
    const first = {}
    sample(total(first, 1_000), total("b", 500))
    sample(total(first, 1_500), total("b", 500))
    sample(total("b", 700))
    sample(total("b", 100), total({}, 2_000))
    sample()
    sample()
    const bytes = 1_000 + 500 + 500 + 200 + 100 + 2_000
    expect(history.report().points[0]?.bytesPerSecondIn).toBe(Math.round(bytes / 8))
  })

  it("does not count later what came while it did not count", () => {
    const { history, sight, pass } = historyOf()
    for (const [bytes, isCounted] of [
      [100_000, false],
      [200_000, false],
      [200_800, true],
      [300_000, false],
    ] as const) {
      pass(2_000)
      sight.received = [total("relayed", bytes, isCounted)]
      history.sample()
    }
    pass(2_000)
    history.sample()
    expect(history.report().points[0]?.bytesPerSecondIn).toBe(100)
  })

  it("goes on when the clock is set back", () => {
    const { history, clock, carry } = historyOf()
    carry(15, 10, 10)
    clock.wall -= 15_000
    carry(10, 10, 10)
    const times = history.report().points.map(({ at }) => at)
    expect(times).toEqual([...new Set(times)].sort((a, b) => a - b))
    expect(times.length).toBeGreaterThan(2)
  })
})
