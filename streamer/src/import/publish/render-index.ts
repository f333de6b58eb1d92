import { normaliseName } from "@tributary/shared/catalogue/group-key"
import { type IndexShard, shardCount, shardOfId, shardOfName } from "@tributary/shared/snapshot/index-shard"
import type { Channel } from "./group-channels.ts"

/** The index in shards, as JSON texts: a channel by its id, and an id by a channel's normalised name. */
export function renderIndex(channels: readonly Channel[]): string[] {
  const rows = channels.map(({ id, name, groups, feeds, logo }) => ({
    id,
    channel: { name, groups, feeds, ...(logo === undefined ? {} : { logo }) },
  }))
  const bytes = rows.reduce((sum, { channel }) => sum + JSON.stringify(channel).length + 64, 0)
  const count = shardCount(bytes)
  const shards = Array.from({ length: count }, emptyShard)
  for (const { id, channel } of rows) {
    const own = shards[shardOfId(id, count)]
    if (own !== undefined) own.channels[id] = channel
    const name = normaliseName(channel.name)
    const named = shards[shardOfName(name, count)]
    // The first channel of a name has it; later ones are reached by their ids.
    if (named !== undefined && !Object.hasOwn(named.names, name)) named.names[name] = id
  }
  return shards.map((shard) => JSON.stringify(shard))
}

/** Without a prototype: a channel may be called `__proto__`. */
function emptyShard(): IndexShard {
  return { channels: Object.create(null), names: Object.create(null) }
}
