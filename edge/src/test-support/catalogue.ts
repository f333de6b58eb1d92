import { env } from "cloudflare:workers"
import type { Feed, IndexedChannel } from "@tributary/shared/catalogue/entry"
import { normaliseName } from "@tributary/shared/catalogue/group-key"
import { slug } from "@tributary/shared/catalogue/slug"
import { type IndexShard, shardOfId, shardOfName } from "@tributary/shared/snapshot/index-shard"
import { addressTemplate, logoTemplate } from "@tributary/shared/snapshot/m3u-template"
import type { Manifest } from "@tributary/shared/snapshot/manifest"
import { objects } from "@tributary/shared/store/keys"

export interface TestChannel {
  id: string
  name: string
  groups?: string[]
  /** Source ids in failover order. */
  sources?: string[]
  /** Its logo is served by us. */
  ownLogo?: boolean
}

/** Renders a snapshot as the importer does and puts it into the bucket, unpublished; gives its manifest. */
export async function uploadSnapshot(
  snapshot: string,
  channels: readonly TestChannel[],
  { previous = null, indexShards = 2 }: { previous?: string | null; indexShards?: number } = {},
): Promise<Manifest> {
  const names = [...new Set(channels.flatMap(({ groups = [] }) => groups))].sort((a, b) => (a < b ? -1 : 1))
  const groups = names.map((name) => {
    const members = channels.filter((channel) => channel.groups?.includes(name))
    return { name, slug: slug(name), members }
  })
  const put = (key: string, text: string) => env.SNAPSHOTS.put(key, text)
  await put(objects.playlist(snapshot, null), channels.map(entry).join(""))
  for (const group of groups)
    await put(objects.playlist(snapshot, group.slug), group.members.map(entry).join(""))
  for (const [number, shard] of indexOf(channels, indexShards).entries())
    await put(objects.indexShard(snapshot, number), JSON.stringify(shard))
  return {
    snapshot,
    previous,
    publishedAt: 1,
    digest: `digest of ${snapshot}`,
    indexShards,
    channels: channels.length,
    groups: groups.map(({ name, slug: own, members }) => ({ name, slug: own, channels: members.length })),
  }
}

/** A playlist entry as a template. */
export function entry({ id, name, ownLogo = false }: TestChannel): string {
  const logo = ownLogo ? ` tvg-logo="${logoTemplate(id)}"` : ""
  return `#EXTINF:-1 tvg-id="${id}"${logo},${name}\n${addressTemplate(id)}\n`
}

function indexOf(channels: readonly TestChannel[], count: number): IndexShard[] {
  const shards = Array.from({ length: count }, (): IndexShard => ({ channels: {}, names: {} }))
  for (const { id, name, groups = [], sources = ["acme"], ownLogo = false } of channels) {
    const channel: IndexedChannel = { name, groups, feeds: sources.map((source) => feed(id, source)) }
    if (ownLogo) channel.logo = { source: "acme", template: "{server}/logo.png" }
    const own = shards[shardOfId(id, count)]
    if (own !== undefined) own.channels[id] = channel
    const normalised = normaliseName(name)
    const named = shards[shardOfName(normalised, count)]
    if (named !== undefined) named.names[normalised] = id
  }
  return shards
}

const feed = (id: string, source: string): Feed => ({
  id: `feed-${id}-${source}`,
  source,
  locator: { kind: "url", template: `http://provider.example:8000/${id}/{username}/{password}` },
})
