import { readTranscodeProfiles } from "@tributary/shared/store/transcode-profiles"
import type { TranscodeProfile } from "@tributary/shared/transcode/transcode-profile"
import type { Edge } from "./edge.ts"
import { fromStore } from "./store-unavailable.ts"

interface Read {
  profiles: ReadonlyMap<string, TranscodeProfile>
  at: number
}

// So long a change of one may not be seen. What is not known is looked for at most once a second: addresses with
// made-up names must not become a load on the store.
const knownMilliseconds = 5_000
const unknownMilliseconds = 1_000

// Values only: a promise of another request must not be awaited in a Worker.
const reads = new WeakMap<Edge, Read>()

/** The transcode profile, null: there is none with this id. Rejects when the store is away. `now`: Unix milliseconds. */
export async function findTranscodeProfile(
  edge: Edge,
  id: string,
  now = Date.now(),
): Promise<TranscodeProfile | null> {
  const last = reads.get(edge)
  const found = last?.profiles.get(id)
  const age = now - (last?.at ?? Number.NEGATIVE_INFINITY)
  if (age < (found === undefined ? unknownMilliseconds : knownMilliseconds)) return found ?? null
  const profiles = await fromStore(readTranscodeProfiles(edge.redis))
  reads.set(edge, { profiles, at: now })
  return profiles.get(id) ?? null
}

/** They were changed here: the next one is read anew. */
export function forgetTranscodeProfiles(edge: Edge): void {
  reads.delete(edge)
}
