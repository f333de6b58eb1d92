import { describe, expect, it } from "vitest"
import type { UpstreamFailure } from "../upstream/upstream.ts"
import { isUnreachable, isWorthRetry, retryDelay } from "./failover-policy.ts"

describe("a feed that broke off", () => {
  it.each<[UpstreamFailure, number, boolean]>([
    [{ code: "ended" }, 60_000, true],
    [{ code: "reset" }, 60_000, true],
    [{ code: "reset" }, 4_000, false],
    [{ code: "stalled" }, 60_000, false],
    [{ code: "finished" }, 60_000, false],
    [{ code: "collapsed" }, 60_000, false],
    [{ code: "not_video", what: "unknown" }, 60_000, false],
    [{ code: "http_status", status: 404 }, 60_000, false],
  ])("%o after %i ms: worth trying at once = %s", (failure, played, expected) => {
    expect(isWorthRetry(failure, played)).toBe(expected)
  })
})

describe("the delay before an attempt", () => {
  const delays = (random: number) =>
    Array.from({ length: 9 }, (_, attempt) => retryDelay(attempt, 5_000, () => random))

  it("is none, then doubles up to the longest", () => {
    expect(delays(1)).toEqual([0, 100, 200, 400, 800, 1600, 3200, 5000, 5000])
  })

  it("is shorter by up to a quarter, so that streams do not all ask at once", () => {
    expect(delays(0)).toEqual([0, 75, 150, 300, 600, 1200, 2400, 3750, 3750])
  })

  it("stays the longest one however many came before", () => {
    expect(retryDelay(5_000, 5_000, () => 1)).toBe(5_000)
  })
})

describe("an origin", () => {
  it("is gone when nothing listens there, not when it answers, ends a stream or takes its time", () => {
    expect(isUnreachable({ code: "refused" })).toBe(true)
    const there = [
      { code: "http_status", status: 503 } as const,
      ...(["ended", "reset", "stalled", "timeout"] as const).map((code) => ({ code })),
    ]
    expect(there.some(isUnreachable)).toBe(false)
  })
})
