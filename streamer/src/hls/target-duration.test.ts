import { describe, expect, it } from "vitest"
import { TargetDuration } from "./target-duration.ts"

const decided = (gaps: readonly number[], ...[seconds, reason]: Parameters<TargetDuration["decide"]>) => {
  const target = new TargetDuration()
  for (const gap of gaps) target.noteKeyframe(gap)
  return target.decide(seconds, reason)
}

describe("a target duration", () => {
  it.each([
    ["keyframes each second", [1, 1], 2, 2],
    ["keyframes of 30000/1001 frames per second", [2.002], 2.002, 2],
    ["keyframes each 2.4 s, which round to 2", [2.4], 2.4, 2],
    ["keyframes each 4 s", [4], 4, 4],
    ["units of sound", [0.31, 0.32, 0.3], 2.2, 2],
  ] as const)("is as long as the segments that %s make", (_, gaps, seconds, expected) => {
    expect(decided(gaps, seconds, "keyframe")).toBe(expected)
  })

  it("leaves room where keyframes come at changes of scene", () => {
    expect(decided([0.4, 1.9], 2.3, "keyframe")).toBe(4)
  })

  it("is the longest there is when nothing was learnt", () => {
    expect(decided([], 6.4, "length")).toBe(6)
    expect(decided([], 0.7, "change")).toBe(6)
  })

  it("never changes, and bounds what is rounded to it", () => {
    const target = new TargetDuration()
    expect([target.seconds, Math.round(target.limitSeconds)]).toEqual([null, 6])
    target.noteKeyframe(3)
    target.decide(3, "keyframe")
    target.noteKeyframe(1)
    expect(target.decide(5, "keyframe")).toBe(3)
    expect([target.seconds, Math.round(target.limitSeconds)]).toEqual([3, 3])
  })
})
