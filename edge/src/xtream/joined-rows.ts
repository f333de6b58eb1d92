import type { View } from "@tributary/shared/snapshot/manifest"
import type { Edge } from "../edge.ts"
import type { CacheUse } from "../snapshot/pack-reader.ts"
import type { Snapshot } from "../snapshot/snapshot-reader.ts"
import { dropRepeatedRows } from "./drop-repeated-rows.ts"

/**
 * The rows of views that may hold one channel twice, each once, with `,` and a line break between them; `id` finds a
 * row's own. Placeholders are in them still.
 */
export function joinedRows(
  edge: Edge,
  { pointer }: Snapshot,
  views: readonly View[],
  { cache, id }: { cache: CacheUse; id: RegExp },
): AsyncIterable<Uint8Array> {
  const open = (view: View) => edge.packs.unpacked(pointer.snapshot, view, cache)
  const [only = [], ...others] = views
  return others.length === 0
    ? open(only)
    : dropRepeatedRows(
        views.map((view) => () => open(view)),
        id,
      )
}
