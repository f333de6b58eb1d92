import { recordBytes, startOf, stopOf } from "./record.ts"

/** A channel's programmes in one guide: stored records, in the order of their starts. */
export interface GuideProgrammes {
  records: Buffer
  /** Unix seconds: their last stop. */
  until: number
}

/** One of them: where it is in its records. */
export interface PlacedProgramme {
  records: Buffer
  at: number
}

/**
 * One channel's programmes out of several guides, in their priority: those of the first guide that has any now
 * or later, and of the others what lies before and after. No guide's programmes are mixed with another's at one
 * time. `now` in Unix seconds.
 */
export function mergeProgrammes(guides: readonly GuideProgrammes[], now: number): PlacedProgramme[] {
  const main = guides.find(({ until }) => until > now) ?? guides[0]
  if (main === undefined) return []
  let merged = placesOf(main)
  for (const guide of guides) {
    if (guide === main) continue
    const { from, until } = spanOf(merged)
    const others = placesOf(guide)
    const before = others.filter(({ records, at }) => stopOf(records, at) <= from)
    const after = others.filter(({ records, at }) => startOf(records, at) >= until)
    merged = [...before, ...merged, ...after]
  }
  return merged
}

function placesOf({ records }: GuideProgrammes): PlacedProgramme[] {
  const places: PlacedProgramme[] = []
  for (let at = 0; at < records.length; at += recordBytes(records, at)) places.push({ records, at })
  return places
}

function spanOf(programmes: readonly PlacedProgramme[]): { from: number; until: number } {
  let [from, until] = [Number.POSITIVE_INFINITY, 0]
  for (const { records, at } of programmes) {
    from = Math.min(from, startOf(records, at))
    until = Math.max(until, stopOf(records, at))
  }
  return { from, until }
}
