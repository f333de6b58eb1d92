import type { PanelClock } from "@tributary/shared/store/records"
import { describe, expect, it } from "vitest"
import { utc, wallClock, type Zone, zoneOf } from "./local-time.ts"

const shown = (moment: string, zone: Zone) => {
  const { year, month, day, hour, minute, second } = wallClock(Date.parse(moment) / 1000, zone)
  return `${year}-${month}-${day} ${hour}:${minute}:${second}`
}
const at = (timeZone: string) => zoneOf({ timeZone }).zone

describe("the wall clock of a zone", () => {
  it.each([
    // Summer time begins on 29 March 2026 at 01:00 UTC, and ends on 25 October at 01:00 UTC.
    ["Europe/London", "2026-03-29T00:59:59Z", "2026-03-29 00:59:59"],
    ["Europe/London", "2026-03-29T01:00:00Z", "2026-03-29 02:00:00"],
    ["Europe/London", "2026-10-25T00:30:00Z", "2026-10-25 01:30:00"],
    ["Europe/London", "2026-10-25T01:30:00Z", "2026-10-25 01:30:00"],
    ["Europe/London", "2026-10-25T02:00:00Z", "2026-10-25 02:00:00"],
    // On 8 March 2026 at 07:00 UTC, and on 1 November at 06:00 UTC.
    ["America/New_York", "2026-03-08T06:59:00Z", "2026-03-08 01:59:00"],
    ["America/New_York", "2026-03-08T07:00:00Z", "2026-03-08 03:00:00"],
    ["America/New_York", "2026-11-01T05:30:00Z", "2026-11-01 01:30:00"],
    ["America/New_York", "2026-11-01T06:30:00Z", "2026-11-01 01:30:00"],
    ["America/New_York", "2026-01-01T04:00:00Z", "2025-12-31 23:00:00"],
    ["Asia/Kolkata", "2026-06-01T18:45:10Z", "2026-06-02 00:15:10"],
    ["Asia/Kathmandu", "2026-06-01T18:15:00Z", "2026-06-02 00:00:00"],
    ["UTC", "2026-12-31T00:00:00Z", "2026-12-31 00:00:00"],
  ])("%s at %s is %s", (name, moment, expected) => {
    expect(shown(moment, at(name))).toBe(expected)
  })

  it("is that of UTC where nothing is known", () => {
    expect(shown("2026-06-01T12:00:01Z", utc)).toBe("2026-06-01 12:00:01")
    expect(zoneOf(null)).toEqual({ zone: utc, isUnknown: false })
  })
})

describe("a panel's zone", () => {
  it.each<[PanelClock, number, boolean]>([
    [{ timeZone: "Mars/Olympus", offsetMinutes: 90 }, 90, true],
    [{ timeZone: "Mars/Olympus" }, 0, true],
    [{ offsetMinutes: -210 }, -210, false],
  ])("is what its clock was ahead, where its name is of no use: %j", (clock, offsetMinutes, isUnknown) => {
    expect(zoneOf(clock)).toEqual({ zone: { kind: "fixed", offsetMinutes }, isUnknown })
    expect(shown("2026-06-01T12:00:00Z", zoneOf(clock).zone)).toBe(
      `2026-06-01 ${{ 90: "13:30:00", 0: "12:00:00", "-210": "08:30:00" }[offsetMinutes]}`,
    )
  })

  it("is the named one, whatever its clock was ahead at another time of the year", () => {
    const { zone } = zoneOf({ timeZone: "Europe/Berlin", offsetMinutes: 60 })
    expect(shown("2026-07-01T12:00:00Z", zone)).toBe("2026-07-01 14:00:00")
  })
})
