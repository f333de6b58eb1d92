import type { ChannelRow } from "@tributary/shared/admin-api/channels"
import type { ChannelEdit } from "@tributary/shared/catalogue/edit"
import { effectiveRow } from "../effective-row.ts"

/** One call: the same change of these channels, or numbers that count up. */
export type BulkStep = { ids: string[]; edit: ChannelEdit } | { ids: string[]; numberFrom: number }

const highestNumber = 999_999

/** The same change of all. */
export const changeAll = (rows: readonly ChannelRow[], edit: ChannelEdit): BulkStep[] => [
  { ids: rows.map(({ id }) => id), edit },
]

/** Each channel keeps its groups and gets these too: one step for all that have the same groups. */
export function addToGroups(rows: readonly ChannelRow[], added: readonly string[]): BulkStep[] {
  const steps = new Map<string, { ids: string[]; edit: ChannelEdit }>()
  for (const row of rows) {
    const { groups } = effectiveRow(row)
    const wanted = [...new Set([...groups, ...added])]
    if (wanted.length === groups.length) continue
    const key = JSON.stringify(wanted)
    const step = steps.get(key) ?? { ids: [], edit: { groups: wanted } }
    step.ids.push(row.id)
    steps.set(key, step)
  }
  return [...steps.values()]
}

/** Numbers in the order of the list, counting up. */
export const numberFrom = (rows: readonly ChannelRow[], first: number): BulkStep[] => [
  { ids: rows.map(({ id }) => id), numberFrom: first },
]

/** Why channels cannot be numbered like this, or null. */
export function numberingProblem(count: number, first: number | string): string | null {
  if (typeof first !== "number" || !Number.isInteger(first) || first < 0) return "must be a whole number"
  if (first + count - 1 > highestNumber) return `must end at ${highestNumber} at most`
  return null
}
