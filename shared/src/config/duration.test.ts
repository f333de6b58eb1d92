import fc from "fast-check"
import { describe, expect, it } from "vitest"
import { parseDuration } from "./duration.ts"

fc.configureGlobal({ seed: 20_261_003 })

describe("parseDuration", () => {
  it.each([
    ["30m", 1800],
    ["5s", 5],
    ["12h", 43_200],
    ["1h30m", 5400],
    ["250ms", 0.25],
    ["1.5h", 5400],
    ["2d", 172_800],
    ["0s", 0],
    [" 5s ", 5],
  ])("reads %j as seconds", (text, seconds) => {
    expect(parseDuration(text)).toBeCloseTo(seconds, 9)
  })

  it.each([
    "",
    " ",
    "5",
    "5 s",
    "s",
    "-5s",
    "+5s",
    "5s5",
    "5S",
    "5x",
    "1h 30m",
    "5,5s",
    "1e3s",
    ".5s",
    "5m!",
  ])("does not guess what %j means", (text) => {
    expect(parseDuration(text)).toBeUndefined()
  })

  it("refuses more than a number can say", () => {
    expect(parseDuration(`${"9".repeat(400)}d`)).toBeUndefined()
  })

  it("adds its parts, in any order", () => {
    const part = fc.tuple(fc.nat(10_000), fc.constantFrom("s", "m", "h", "d"))
    const factor = { s: 1, m: 60, h: 3600, d: 86_400 } as Record<string, number>
    fc.assert(
      fc.property(fc.array(part, { minLength: 1, maxLength: 5 }), (parts) => {
        const text = parts.map(([amount, unit]) => `${amount}${unit}`).join("")
        const seconds = parts.reduce((sum, [amount, unit]) => sum + amount * (factor[unit] ?? Number.NaN), 0)
        expect(parseDuration(text)).toBe(seconds)
      }),
    )
  })
})
