import { createHash, randomUUID } from "node:crypto"
import type { Entry } from "@tributary/shared/catalogue/entry"
import type { Manifest } from "@tributary/shared/snapshot/manifest"
import { objects } from "@tributary/shared/store/keys"
import type { EdgeClient } from "../../store/edge-client.ts"
import { groupChannels, type Shaping } from "./group-channels.ts"
import { renderIndex } from "./render-index.ts"
import { renderPlaylists } from "./render-playlists.ts"
import { renderLiveStreams } from "./render-xtream.ts"

// Uploads at a time: enough to hide the way to the edge, few enough to leave it to viewers.
const parallelUploads = 8

// Raised when snapshots get other parts, so that an upgrade publishes anew what has not changed.
const snapshotFormat = "2"

export interface PublishOptions {
  edge: EdgeClient
  /** Enabled sources in their order. */
  sources: readonly string[]
  shaping: Shaping
  /** Asked right before the flip: false when another streamer publishes by now. */
  mayPublish: () => Promise<boolean>
  now: number
}

/**
 * Groups the stored catalogues of all sources into a snapshot, uploads it and makes it current. Gives the
 * number of channels; null when there was nothing to publish (no catalogue yet, or no change).
 */
export async function publishSnapshot(options: PublishOptions): Promise<number | null> {
  const { edge, sources, shaping, mayPublish, now } = options
  const catalogues = await Promise.all(
    sources.map(async (source) => ({ source, text: await edge.readObject(objects.catalogue(source)) })),
  )
  const current = await edge.currentManifest()
  const imported = catalogues.flatMap(({ source, text }) =>
    text === null ? [] : [{ source, entries: entriesOf(text) }],
  )
  if (imported.length === 0 && current === null) return null

  const channels = groupChannels(imported, shaping)
  const playlists = renderPlaylists(channels)
  const streams = renderLiveStreams(channels)
  const shards = renderIndex(channels)
  const groupNames = playlists.groups.map(({ name }) => name)
  const digest = digestOf([snapshotFormat, playlists.all, ...groupNames, ...shards])
  if (current?.digest === digest) return null

  const snapshot = snapshotId(now, current?.snapshot ?? null)
  const uploads = [
    { key: objects.playlist(snapshot, null), body: playlists.all },
    ...playlists.groups.map(({ slug, template }) => ({
      key: objects.playlist(snapshot, slug),
      body: template,
    })),
    { key: objects.liveStreams(snapshot, null), body: streams.all },
    ...playlists.groups.map(({ name, slug }) => ({
      key: objects.liveStreams(snapshot, slug),
      body: streams.groups.get(name) ?? "",
    })),
    ...shards.map((body, shard) => ({ key: objects.indexShard(snapshot, shard), body })),
  ]
  await uploadAll(edge, uploads)
  if (!(await mayPublish())) return null
  await edge.publish({
    snapshot,
    previous: current?.snapshot ?? null,
    publishedAt: Math.floor(now / 1000),
    digest,
    indexShards: shards.length,
    channels: channels.length,
    groups: playlists.groups.map(({ template: _, ...group }) => group),
  } satisfies Manifest)
  return channels.length
}

function* entriesOf(text: string): Generator<Entry> {
  for (const line of text.split("\n")) if (line !== "") yield JSON.parse(line) as Entry
}

function digestOf(parts: readonly string[]): string {
  const hash = createHash("sha256")
  for (const part of parts) hash.update(part).update("\0")
  return hash.digest("hex").slice(0, 32)
}

/** Sorts after the previous one whatever this machine's clock says: old snapshots are those before. */
function snapshotId(now: number, previous: string | null): string {
  const before = previous === null ? 0 : Number.parseInt(previous.slice(0, 9), 36)
  return `${Math.max(now, before + 1)
    .toString(36)
    .padStart(9, "0")}-${randomUUID().slice(0, 8)}`
}

async function uploadAll(edge: EdgeClient, uploads: { key: string; body: string }[]): Promise<void> {
  const queue = uploads.values()
  const lane = async () => {
    for (const { key, body } of queue) await edge.writeObject(key, body)
  }
  await Promise.all(Array.from({ length: parallelUploads }, lane))
}
