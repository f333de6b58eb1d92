import type { PanelClock } from "@tributary/shared/store/records"

/** Where a provider's wall clock is: in a zone with its summer times, or always as far ahead of UTC. */
export type Zone = { kind: "named"; format: Intl.DateTimeFormat } | { kind: "fixed"; offsetMinutes: number }

export const utc: Zone = { kind: "fixed", offsetMinutes: 0 }

/** What a wall clock shows, in digits: four for the year, else two. */
export interface WallClock {
  year: string
  month: string
  day: string
  hour: string
  minute: string
  second: string
}

/**
 * The zone that a panel names; where that is no zone, what its clock was ahead when it was asked; UTC where it told
 * nothing. `isUnknown`: it names one that there is not.
 */
export function zoneOf(clock: PanelClock | null): { zone: Zone; isUnknown: boolean } {
  const { timeZone, offsetMinutes = 0 } = clock ?? {}
  const format = timeZone === undefined ? null : formatOf(timeZone)
  if (format !== null) return { zone: { kind: "named", format }, isUnknown: false }
  return { zone: { kind: "fixed", offsetMinutes }, isUnknown: timeZone !== undefined }
}

/**
 * What the wall clock of a zone shows at a moment. The hour that a clock shows twice, when summer time ends, cannot be
 * told apart in an address that has no offset: a panel takes it for one of both.
 */
export function wallClock(unixSeconds: number, zone: Zone): WallClock {
  if (zone.kind === "fixed") {
    const text = new Date((unixSeconds + zone.offsetMinutes * 60) * 1000).toISOString()
    const [, year = "", month = "", day = "", hour = "", minute = "", second = ""] =
      /^\+?(\d+)-(\d\d)-(\d\d)T(\d\d):(\d\d):(\d\d)/.exec(text) ?? []
    return { year, month, day, hour, minute, second }
  }
  const parts = new Map(
    zone.format.formatToParts(unixSeconds * 1000).map(({ type, value }) => [type, value] as const),
  )
  const of = (type: Intl.DateTimeFormatPartTypes, digits = 2) => (parts.get(type) ?? "").padStart(digits, "0")
  return {
    ...{ year: of("year", 4), month: of("month"), day: of("day") },
    ...{ hour: of("hour"), minute: of("minute"), second: of("second") },
  }
}

/** Null for what is no zone of the IANA's. */
function formatOf(timeZone: string): Intl.DateTimeFormat | null {
  try {
    return new Intl.DateTimeFormat("en-GB", {
      ...{ timeZone, calendar: "gregory", numberingSystem: "latn", hourCycle: "h23" },
      ...{ year: "numeric", month: "2-digit", day: "2-digit" },
      ...{ hour: "2-digit", minute: "2-digit", second: "2-digit" },
    })
  } catch (error) {
    if (error instanceof RangeError) return null
    throw error
  }
}
