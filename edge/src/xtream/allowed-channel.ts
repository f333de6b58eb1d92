import type { Authentication } from "../admission/authenticate.ts"
import type { Edge } from "../edge.ts"
import type { FoundChannel } from "../snapshot/snapshot-reader.ts"

type Allowed = Extract<Authentication, { ok: true }>

/** The channel of an id, if the viewer may see it. */
export async function allowedChannel(
  edge: Edge,
  { groups }: Allowed,
  id: string | undefined,
  now: number,
): Promise<FoundChannel | null> {
  const found = id === undefined ? null : await edge.snapshots.findChannel(id, now)
  if (found === null || found.id !== id) return null
  return groups === null || found.channel.groups.some((group) => groups.includes(group)) ? found : null
}
