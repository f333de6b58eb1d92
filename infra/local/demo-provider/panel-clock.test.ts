import { describe, expect, it } from "vitest"
import { isTimeZone, momentOf, panelTime } from "./panel-clock.ts"

const at = (text: string) => Date.parse(text) / 1000

describe("a panel's clock", () => {
  it("shows the local time, summer time included", () => {
    expect(panelTime(Date.parse("2026-01-31T23:30:05Z"), "Europe/Berlin")).toBe("2026-02-01 00:30:05")
    expect(panelTime(Date.parse("2026-07-01T12:00:00Z"), "Europe/Berlin")).toBe("2026-07-01 14:00:00")
    expect([isTimeZone("Asia/Kolkata"), isTimeZone("Mars/Olympus")]).toEqual([true, false])
  })

  it.each([
    ["2026-02-01:00-30", "Europe/Berlin", "2026-01-31T23:30:00Z"],
    ["2026-07-01 14:00:09", "Europe/Berlin", "2026-07-01T12:00:09Z"],
    ["2026-06-02:00-15", "Asia/Kolkata", "2026-06-01T18:45:00Z"],
    ["2026-03-29:03-00", "Europe/Berlin", "2026-03-29T01:00:00Z"],
    ["2026-03-29:01-59", "Europe/Berlin", "2026-03-29T00:59:00Z"],
    // The hour that is left out, and the one that comes twice.
    ["2026-03-29:02-30", "Europe/Berlin", "2026-03-29T01:30:00Z"],
    ["2026-10-25:02-30", "Europe/Berlin", "2026-10-25T00:30:00Z"],
    ["2026-10-25:03-30", "Europe/Berlin", "2026-10-25T02:30:00Z"],
    ["2026-11-01:01-30", "America/New_York", "2026-11-01T05:30:00Z"],
  ])("takes %s in %s for %s", (text, timeZone, expected) => {
    expect(momentOf(text, timeZone)).toBe(at(expected))
  })

  it("knows what is no time", () => {
    for (const text of ["", "yesterday", "2026-01-31", "1770000000"]) expect(momentOf(text, "UTC")).toBeNull()
  })
})
