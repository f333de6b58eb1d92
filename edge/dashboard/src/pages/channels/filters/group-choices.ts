import type { ChannelGroups } from "@tributary/shared/admin-api/channels"

export interface GroupChoice {
  name: string
  /** Channels, movies and series together; null: not known. */
  entries: number | null
}

/** One choice for each name, which more than one kind may have; the chosen one too when no channel has it any more. */
export function groupChoices(groups: ChannelGroups["groups"], chosen: string | null): GroupChoice[] {
  const entriesOf = new Map<string, number | null>()
  for (const { name, entries } of groups) entriesOf.set(name, (entriesOf.get(name) ?? 0) + entries)
  if (chosen !== null && !entriesOf.has(chosen)) entriesOf.set(chosen, null)
  return [...entriesOf].map(([name, entries]) => ({ name, entries }))
}
