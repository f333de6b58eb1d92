import { recordBytes, setStop, startOf, stopOf } from "./record.ts"

const hour = 3600
const day = 24 * hour
// Catch-up needs the past, and providers keep a week of it as a rule.
const pastDays = 7
// Guides reach two weeks ahead; what lies beyond three is a mistake of its year.
const futureDays = 21
// Without a stop a programme lasts until the next one, but not over a hole in the guide.
const longestAssumed = day
const lastOfDay = hour
const latest = 0xffff_ffff

/** Programmes are kept when they end after `from` and start before `to`; Unix seconds. */
export interface GuideWindow {
  from: number
  to: number
}

/** By whole days (UTC), so that an unchanged guide is the same at each of a day's imports. */
export function guideWindow(nowMilliseconds: number): GuideWindow {
  const today = Math.floor(nowMilliseconds / 1000 / day) * day
  return { from: today - pastDays * day, to: today + futureDays * day }
}

/** Times that can be stored, of a programme that may be wanted; null for others. A stop of 0 is unknown. */
export function wantedTimes(start: number, stop: number, window: GuideWindow) {
  if (!(start > 0 && start < window.to)) return null
  if (stop > start) return stop > window.from ? { start, stop: Math.min(stop, latest) } : null
  return start > window.from - longestAssumed ? { start, stop: 0 } : null
}

/**
 * Orders one channel's records by start, fills in missing stops in the records themselves, and leaves out
 * exact duplicates and what lies outside the window. `places` are where in `records` they begin.
 */
export function orderProgrammes(records: Buffer, places: readonly number[], window: GuideWindow): number[] {
  const compare = (a: number, b: number) =>
    startOf(records, a) - startOf(records, b) ||
    stopOf(records, a) - stopOf(records, b) ||
    records.compare(records, b, b + recordBytes(records, b), a, a + recordBytes(records, a))
  const ordered = places
    .toSorted(compare)
    .filter((place, index, all) => index === 0 || compare(all[index - 1] as number, place) !== 0)
  // From the end, where the next start is known.
  let next = Number.POSITIVE_INFINITY
  let nextStart = Number.POSITIVE_INFINITY
  for (const place of ordered.toReversed()) {
    const start = startOf(records, place)
    if (start < nextStart) {
      next = nextStart
      nextStart = start
    }
    if (stopOf(records, place) <= start)
      setStop(
        records,
        place,
        next === Number.POSITIVE_INFINITY ? start + lastOfDay : Math.min(next, start + longestAssumed),
      )
  }
  return ordered.filter((place) => stopOf(records, place) > window.from)
}
