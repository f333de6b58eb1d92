import { type ChannelEdit, changeEdit } from "@tributary/shared/catalogue/edit"
import { readVersionedEdits, saveEdits } from "@tributary/shared/store/edits"
import saveEditsScript from "@tributary/shared/store/save-edits.lua"
import type { Edge } from "../../edge.ts"
import { fromStore, StoreBusyError } from "../../store-unavailable.ts"
import {
  mergedProblem,
  mergeProblem,
  mergeTargets,
  newMerges,
  newSplits,
  splitProblem,
} from "./check-edits.ts"
import { findKnownChannels } from "./known-channels.ts"

export type Edited =
  /** The edits of these channels by now; `changed` is false when they were like this before. */
  | { ok: true; edits: Map<string, ChannelEdit | null>; changed: boolean }
  | { ok: false; code: "unknown_channel" | "bad_request"; message: string }

const mostAttempts = 20

/** Changes the given keys of these channels' edits, by their ids, of all or of none. */
export async function editChannels(edge: Edge, changes: ReadonlyMap<string, ChannelEdit>): Promise<Edited> {
  const script = edge.redis.createScript<string>(saveEditsScript)
  for (let attempt = 0; attempt < mostAttempts; attempt++) {
    const stored = await fromStore(readVersionedEdits(edge.redis))
    const before = stored.edits
    const edited = new Map([...changes].map(([id, change]) => [id, changeEdit(before.get(id), change)]))
    const refusal = await refusalOf(edge, before, edited)
    if (refusal !== null) return { ok: false, ...refusal }
    const different = new Map(
      [...edited].filter(([id, edit]) => JSON.stringify(edit) !== JSON.stringify(before.get(id) ?? null)),
    )
    if (different.size === 0) return { ok: true, edits: edited, changed: false }
    const saving = saveEdits((keys, args) => script.exec(keys, args), stored, different)
    if (await fromStore(saving)) return { ok: true, edits: edited, changed: true }
    // Somebody else changed them meanwhile: check against what is there now.
  }
  throw new StoreBusyError("the edits change all the time")
}

/** Why these edits cannot be made, or null. */
async function refusalOf(
  edge: Edge,
  before: ReadonlyMap<string, ChannelEdit>,
  edited: ReadonlyMap<string, ChannelEdit | null>,
): Promise<{ code: "unknown_channel" | "bad_request"; message: string } | null> {
  const after = new Map(before)
  for (const [id, edit] of edited)
    if (edit === null) after.delete(id)
    else after.set(id, edit)
  const merges = new Map([...edited.keys()].map((id) => [id, newMerges(id, before, after)]))
  const splits = new Map([...edited.keys()].map((id) => [id, newSplits(id, before, after)]))
  const circular = [...merges.values()].some((list) => list.length > 0) ? mergeProblem(after) : null
  if (circular !== null) return { code: "bad_request", message: circular }

  // A channel that vanished, or is merged into another one, is in no snapshot and is known all the same.
  const merged = mergeTargets(before)
  const isEdited = (id: string) => before.has(id) || merged.has(id)
  const wanted = [...edited.keys()].flatMap((id) => {
    const others = merges.get(id) ?? []
    const isAsked = !isEdited(id) || others.length > 0 || (splits.get(id) ?? []).length > 0
    return [...(isAsked ? [id] : []), ...others]
  })
  const known = await findKnownChannels(edge, new Set(wanted))
  for (const id of edited.keys()) {
    if (!known.has(id) && !isEdited(id))
      return { code: "unknown_channel", message: `There is no channel "${id}".` }
    const problem =
      mergedProblem(id, merges.get(id) ?? [], isEdited, known) ??
      splitProblem(id, splits.get(id) ?? [], after.get(id)?.split ?? [], known.get(id))
    if (problem !== null) return { code: "bad_request", message: problem }
  }
  return null
}
