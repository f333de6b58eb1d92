import type { GroupBy } from "@tributary/shared/catalogue/group-key"
import type { RecordSet } from "../columns/record-set.ts"
import { applyEdits, applySplits, type Edits, splitCount } from "./apply-edits.ts"
import type { ChannelRegistry } from "./channel-registry.ts"
import { type ChannelSet, groupRecords } from "./channel-set.ts"
import { orderFeeds } from "./order-feeds.ts"
import type { SortOrder } from "./sort-channels.ts"

/** How the user wants the catalogue to look. */
export interface Shaping extends SortOrder {
  groupBy: GroupBy
}

export interface MakeChannelsOptions {
  records: RecordSet
  /** Ids of the records' sources, in their order. */
  sources: readonly string[]
  shaping: Shaping
  edits: Edits
  registry: ChannelRegistry
  /** Days since 1970. */
  today: number
}

/** From records to channels with ids, their feeds in failover order, as the user edited them. */
export function makeChannels(options: MakeChannelsOptions): ChannelSet {
  const { records, sources, shaping, edits, registry, today } = options
  const channels = groupRecords(records, sources, shaping.groupBy, splitCount(edits))
  orderFeeds(channels)
  registry.assign(channels, today)
  const grouped = channels.count
  applySplits(channels, sources, edits)
  registry.assign(channels, today, grouped)
  applyEdits(channels, sources, edits)
  return channels
}
