import { assignChannelIds, hash32 } from "@tributary/shared/catalogue/channel-id"
import type { Entry, Feed } from "@tributary/shared/catalogue/entry"
import { type GroupBy, groupKey } from "@tributary/shared/catalogue/group-key"

/** A channel as the snapshot is rendered from it. */
export interface Channel {
  id: string
  name: string
  attributes: [name: string, value: string][]
  groups: string[]
  /** In failover order. */
  feeds: Feed[]
  /** The first feed's logo, when it is on its provider's own server. */
  logo?: { source: string; template: string }
}

export interface Shaping {
  groupBy: GroupBy
  /** An attribute's name; channels without it are sorted by their own name. */
  sortField: string
  sortDirection: "asc" | "desc"
}

/**
 * Groups the entries of all sources into channels. Sources come in their order, which is the failover order
 * of a channel's feeds; name and attributes are those of its first feed. A source's copy of the very same
 * address is one feed.
 */
export function groupChannels(
  sources: Iterable<{ source: string; entries: Iterable<Entry> }>,
  shaping: Shaping,
): Channel[] {
  const byKey = new Map<string, Omit<Channel, "id"> & { known: Set<string> }>()
  for (const { source, entries } of sources)
    for (const entry of entries) {
      const key = groupKey(shaping.groupBy, { name: entry.name, tvgId: attribute(entry, "tvg-id") })
      const feed = feedOf(source, entry)
      const channel = byKey.get(key)
      if (channel === undefined) {
        const { name, attributes, groups, logo } = entry
        const ownLogo = logo === undefined ? {} : { logo: { source, template: logo } }
        byKey.set(key, { name, attributes, groups, feeds: [feed], known: new Set([feed.id]), ...ownLogo })
      } else if (!channel.known.has(feed.id)) {
        channel.known.add(feed.id)
        channel.feeds.push(feed)
      }
    }
  const ids = assignChannelIds([...byKey.keys()])
  const channels = [...byKey].map(([key, { known: _, ...channel }]) => ({
    id: ids.get(key) ?? "",
    ...channel,
  }))
  return sorted(channels, shaping)
}

function feedOf(source: string, entry: Entry): Feed {
  const place = JSON.stringify([source, entry.locator])
  const id = hash32(place).toString(36) + hash32(`feed:${place}`).toString(36)
  return {
    id,
    source,
    locator: entry.locator,
    ...(entry.headers === undefined ? {} : { headers: entry.headers }),
  }
}

export function attribute(
  entry: { attributes: readonly (readonly [string, string])[] },
  name: string,
): string | undefined {
  return entry.attributes.find(([known]) => known.toLowerCase() === name)?.[1]
}

function sorted(channels: Channel[], { sortField, sortDirection }: Shaping): Channel[] {
  const order = new Intl.Collator("en", { numeric: true, sensitivity: "base" })
  const field = sortField.toLowerCase()
  const keyed = channels.map((channel) => ({ channel, key: attribute(channel, field) || channel.name }))
  const sign = sortDirection === "desc" ? -1 : 1
  // Ids settle ties, so that the same catalogue gives the same bytes.
  keyed.sort((a, b) => sign * (order.compare(a.key, b.key) || Number(a.channel.id) - Number(b.channel.id)))
  return keyed.map(({ channel }) => channel)
}
