import { describe, expect, it } from "vitest"
import { pastAsked } from "./past-asked.ts"

const halfPastSix = Date.UTC(2026, 0, 31, 18, 30) / 1000

describe("the past that a player asks for", () => {
  it.each([
    "2026-01-31:18-30",
    "2026-01-31:18-30-00",
    "2026-01-31_18-30",
    "2026-01-31 18:30:00",
    String(halfPastSix),
  ])("begins at %s, in UTC", (start) => {
    expect(pastAsked(start, "90")).toEqual({ start: halfPastSix, seconds: 5_400 })
  })

  it.each([
    ["2026-02-31:18-30", "60"],
    ["2026-01-31:24-00", "60"],
    ["2026-01-31:18-60", "60"],
    ["yesterday", "60"],
    ["", "60"],
    ["2026-01-31:18-30", ""],
    ["2026-01-31:18-30", "-5"],
    ["2026-01-31:18-30", "0"],
    ["2026-01-31:18-30", "1441"],
    ["2026-01-31:18-30", "1e3"],
  ])("is nothing for %j and %j minutes", (start, minutes) => {
    expect(pastAsked(start, minutes)).toBeNull()
  })
})
