import { describe, expect, it } from "vitest"
import { keyOf, mostSamples, type RateHistory, withSamples } from "./rate-history.ts"

const stream = (id: string, bitsPerSecond: number, streamer = "one") => ({ id, streamer, bitsPerSecond })
const none: RateHistory = new Map()

describe("the bitrates of streams", () => {
  it("are kept for each stream of each streamer", () => {
    const first = withSamples(none, [stream("7", 100), stream("7", 300, "two")], 1)
    const second = withSamples(first, [stream("7", 200), stream("7", 400, "two")], 2)
    expect(second.get(keyOf(stream("7", 0)))?.map(({ rate }) => rate)).toEqual([100, 200])
    expect(second.get(keyOf(stream("7", 0, "two")))?.map(({ rate }) => rate)).toEqual([300, 400])
  })

  it("are taken once of each answer", () => {
    const once = withSamples(none, [stream("7", 100)], 1)
    expect(withSamples(once, [stream("7", 100)], 1)).toEqual(once)
  })

  it("are as many as fit, the newest", () => {
    let history = none
    for (let at = 0; at < mostSamples + 5; at++) history = withSamples(history, [stream("7", at)], at)
    const samples = history.get(keyOf(stream("7", 0)))
    expect([samples?.length, samples?.[0]?.at]).toEqual([mostSamples, 5])
  })

  it("are forgotten with their stream", () => {
    const before = withSamples(none, [stream("7", 100)], 1)
    expect(withSamples(before, [], 2).size).toBe(0)
  })
})
