import type { Edge } from "../../edge.ts"
import { findRows } from "./channel-rows.ts"
import type { KnownChannel } from "./check-edits.ts"

// The index takes one read for each channel, the rows some for all.
const mostIndexReads = 20

/** What the current snapshot says of these channels; those it does not have are left out. */
export async function findKnownChannels(
  edge: Edge,
  ids: ReadonlySet<string>,
): Promise<Map<string, KnownChannel>> {
  const known = ids.size <= mostIndexReads ? await fromIndex(edge, [...ids]) : new Map()
  // Hidden channels are in the rows only.
  const missing = new Set([...ids].filter((id) => !known.has(id)))
  for (const [id, { kind, feeds }] of await findRows(edge, missing))
    known.set(id, { kind, feeds: feeds.map((feed) => feed.id) })
  return known
}

async function fromIndex(edge: Edge, ids: readonly string[]): Promise<Map<string, KnownChannel>> {
  const now = Date.now()
  const found = await Promise.all(ids.map((id) => edge.snapshots.findChannel(id, now)))
  return new Map(
    ids.flatMap((id, at) => {
      const channel = found[at]
      // It finds channels by their names too.
      if (channel?.id !== id) return []
      const { kind = "live", feeds } = channel.channel
      return [[id, { kind, feeds: feeds.map((feed) => feed.id) }] as const]
    }),
  )
}
