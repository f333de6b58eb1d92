/** A panel's clock shows the local time of its zone, in what it says and in what it is asked for. */

const formats = new Map<string, Intl.DateTimeFormat>()

/** Throws a RangeError for what is no zone of the IANA's. */
function formatOf(timeZone: string): Intl.DateTimeFormat {
  const format =
    formats.get(timeZone) ??
    new Intl.DateTimeFormat("sv-SE", {
      ...{ timeZone, year: "numeric", month: "2-digit", day: "2-digit" },
      ...{ hour: "2-digit", minute: "2-digit", second: "2-digit" },
    })
  formats.set(timeZone, format)
  return format
}

export function isTimeZone(name: string): boolean {
  try {
    formatOf(name)
    return true
  } catch {
    return false
  }
}

/** `2026-01-02 03:04:05`, as Swedes write it. */
export const panelTime = (ms: number, timeZone: string): string => formatOf(timeZone).format(ms)

/**
 * The moment, in Unix seconds, that `2026-01-31:18-30` or `2026-01-31 18:30:00` names; null for what names none. Of an
 * hour that comes twice the first is meant, and one that is left out is taken to be an hour later, as PHP has it.
 */
export function momentOf(text: string, timeZone: string): number | null {
  const match = /^(\d{4})-(\d\d)-(\d\d)[:_ T](\d\d)[-:](\d\d)(?:[-:](\d\d))?$/.exec(text)
  if (match === null) return null
  const [year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0] = match
    .slice(1)
    .map((part) => Number(part ?? 0))
  const shown = Date.UTC(year, month - 1, day, hour, minute, second)
  const aheadAt = (ms: number) => Date.parse(`${panelTime(ms, timeZone).replace(" ", "T")}Z`) - ms
  const dayMs = 24 * 60 * 60 * 1000
  const before = aheadAt(shown - dayMs)
  const candidates = [before, aheadAt(shown + dayMs)].map((ahead) => shown - ahead)
  const real = candidates.filter((ms) => ms + aheadAt(ms) === shown)
  return (real.length > 0 ? Math.min(...real) : shown - before) / 1000
}
