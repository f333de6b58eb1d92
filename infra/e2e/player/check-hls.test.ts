import { describe, expect, it } from "vitest"
import { HlsCheck } from "./check-hls.ts"

interface Version {
  from: number
  seconds: number[]
  target?: number
  passed?: number
  breaks?: number[]
}

function version({ from, seconds, target = 2, passed = 0, breaks = [] }: Version): string {
  const head = ["#EXTM3U", `#EXT-X-TARGETDURATION:${target}`, `#EXT-X-MEDIA-SEQUENCE:${from}`]
  const segments = seconds.flatMap((length, at) => [
    ...(breaks.includes(from + at) ? ["#EXT-X-DISCONTINUITY"] : []),
    `#EXTINF:${length},`,
    `${from + at}.ts`,
  ])
  return [...head, `#EXT-X-DISCONTINUITY-SEQUENCE:${passed}`, ...segments, ""].join("\n")
}

const faultsOf = (...versions: Version[]) => {
  const check = new HlsCheck()
  for (const one of versions) check.take(version(one))
  return check.faults
}

const four = [2, 2, 2, 2]

describe("the check of a live playlist", () => {
  it("finds nothing in one that goes on as it should", () => {
    const first = { from: 7, seconds: four, breaks: [7, 9] }
    const second = { from: 8, seconds: four, breaks: [9], passed: 1 }
    expect(faultsOf(first, first, second, { from: 10, seconds: four, passed: 2 })).toEqual([])
  })

  it.each<[string, Version, Version]>([
    ["another target duration", { from: 1, seconds: four }, { from: 1, seconds: four, target: 3 }],
    ["a sequence that goes back", { from: 2, seconds: four }, { from: 1, seconds: [2, 2, 2, 2, 2] }],
    ["another length of a segment", { from: 1, seconds: four }, { from: 1, seconds: [2, 2, 2, 1] }],
    ["segments taken from the end", { from: 1, seconds: four }, { from: 1, seconds: [2, 2, 2] }],
    [
      "a discontinuity that is not counted",
      { from: 1, seconds: four, breaks: [1] },
      { from: 2, seconds: four },
    ],
    ["one that is counted too early", { from: 1, seconds: four }, { from: 2, seconds: four, passed: 1 }],
    ["too little left", { from: 1, seconds: four }, { from: 3, seconds: [2, 2] }],
    ["a segment that is too long", { from: 1, seconds: four }, { from: 1, seconds: [...four, 2.6] }],
  ])("finds %s", (_, before, after) => {
    expect(faultsOf(before)).toEqual([])
    expect(faultsOf(before, after)).toHaveLength(1)
  })
})
