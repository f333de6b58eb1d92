import type { ChannelEdit } from "@tributary/shared/catalogue/edit"
import type { EntryKind } from "@tributary/shared/catalogue/entry"

/** What the snapshot says of a channel, as far as edits of it are checked. */
export interface KnownChannel {
  kind: EntryKind
  feeds: readonly string[]
}

type Edits = ReadonlyMap<string, ChannelEdit>

/** Which channel each merged one is merged into. */
export function mergeTargets(edits: Edits): Map<string, string> {
  const targets = new Map<string, string>()
  for (const [target, { merge }] of edits) for (const id of merge ?? []) targets.set(id, target)
  return targets
}

/** The channels that a change merges into this one anew. */
export function newMerges(id: string, before: Edits, after: Edits): string[] {
  const known = before.get(id)?.merge ?? []
  return (after.get(id)?.merge ?? []).filter((merged) => !known.includes(merged))
}

/** The feeds that a change splits off anew. */
export function newSplits(id: string, before: Edits, after: Edits): string[] {
  const known = before.get(id)?.split ?? []
  return (after.get(id)?.split ?? []).filter((feed) => !known.includes(feed))
}

/**
 * Why the merges of all edits together make no sense, or null: a channel is merged into one other, which is
 * not merged itself, so there are neither chains nor circles.
 */
export function mergeProblem(edits: Edits): string | null {
  const targets = new Map<string, string>()
  for (const [target, { merge }] of edits)
    for (const id of merge ?? []) {
      const other = targets.get(id)
      if (id === target) return `merge: channel ${id} cannot be merged into itself`
      if (other !== undefined) return `merge: channel ${id} cannot be merged into both ${other} and ${target}`
      targets.set(id, target)
    }
  for (const [id, target] of targets) {
    const further = targets.get(target)
    if (further !== undefined)
      return `merge: channel ${id} cannot be merged into ${target}, which is itself merged into ${further}`
  }
  return null
}

/** Why a channel cannot have these merged into it, or null; edited ones exist though no snapshot has them. */
export function mergedProblem(
  id: string,
  merged: readonly string[],
  isEdited: (id: string) => boolean,
  known: ReadonlyMap<string, KnownChannel>,
): string | null {
  for (const other of merged) {
    const kind = known.get(other)?.kind
    const own = known.get(id)?.kind
    if (kind === undefined && !isEdited(other)) return `merge: there is no channel ${other}`
    if (kind !== undefined && own !== undefined && kind !== own)
      return `merge: channel ${other} is of the kind ${kind}, and ${id} is of the kind ${own}`
  }
  return null
}

/** Why these feeds cannot be split off a channel, or null. */
export function splitProblem(
  id: string,
  split: readonly string[],
  allSplit: readonly string[],
  channel: KnownChannel | undefined,
): string | null {
  const feeds = channel?.feeds ?? []
  for (const feed of split) if (!feeds.includes(feed)) return `split: channel ${id} has no feed "${feed}"`
  if (split.length > 0 && feeds.every((feed) => allSplit.includes(feed)))
    return `split: channel ${id} must keep one of its feeds`
  return null
}
