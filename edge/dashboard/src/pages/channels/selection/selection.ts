import type { ChannelRow } from "@tributary/shared/admin-api/channels"

/** A chosen channel and its place in the list, which is the order that acts on many go by. */
export interface Chosen {
  row: ChannelRow
  index: number
}

export interface Selection {
  chosen: ReadonlyMap<string, Chosen>
  /** The place of the row that was chosen last; a range begins there. */
  anchor: number | null
}

export const nothingChosen: Selection = { chosen: new Map(), anchor: null }

/** A bulk change is of at most so many channels (`PATCH /api/channels`). */
export const mostChosen = 5_000

/** Chooses a row, or drops it when it was chosen. */
export function toggle({ chosen }: Selection, row: ChannelRow, index: number): Selection {
  const changed = new Map(chosen)
  if (!changed.delete(row.id) && changed.size < mostChosen) changed.set(row.id, { row, index })
  return { chosen: changed, anchor: index }
}

/** Adds all rows of a list of the same order that begins at the place `from`; so many that a bulk change can take. */
export function add({ chosen }: Selection, rows: readonly ChannelRow[], from: number): Selection {
  const changed = new Map(chosen)
  rows.forEach((row, at) => {
    if (changed.size < mostChosen || changed.has(row.id)) changed.set(row.id, { row, index: from + at })
  })
  return { chosen: changed, anchor: from + rows.length - 1 }
}

/** The places from the anchor to this row, in ascending order. */
export function rangeTo({ anchor }: Selection, index: number): { first: number; last: number } {
  const start = anchor ?? index
  return { first: Math.min(start, index), last: Math.max(start, index) }
}

/** The chosen channels in the order of the list. */
export function inListOrder({ chosen }: Selection): ChannelRow[] {
  return [...chosen.values()].sort((one, other) => one.index - other.index).map(({ row }) => row)
}
