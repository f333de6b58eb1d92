import { createHash, randomUUID } from "node:crypto"
import { promisify } from "node:util"
import { gunzip } from "node:zlib"
import type { Manifest, Pointer, View } from "@tributary/shared/snapshot/manifest"
import { objects } from "@tributary/shared/store/keys"
import type { EdgeClient } from "../../store/edge-client.ts"
import { Uploads } from "../../store/uploads.ts"
import { loadGuides } from "../guide/load-guides.ts"
import type { Edits } from "./channels/apply-edits.ts"
import { ChannelRegistry } from "./channels/channel-registry.ts"
import { makeChannels, type Shaping } from "./channels/make-channels.ts"
import { loadRecords, readCatalogues } from "./load-records.ts"
import { PackWriter } from "./render/pack-writer.ts"
import { renderSnapshot } from "./render/render-snapshot.ts"

const unpacked = promisify(gunzip)

// Raised when snapshots get other parts, so that an upgrade publishes anew what has not changed.
const snapshotFormat = "5"

export interface PublishOptions {
  edge: EdgeClient
  /** Enabled sources in their order. */
  sources: readonly string[]
  /** All sources that are configured: what is stored of others goes. */
  configured: readonly string[]
  /** Whether guides are configured on their own. */
  hasOwnGuides: boolean
  shaping: Shaping
  edits: Edits
  /** Asked right before the flip: false when another streamer publishes by now. */
  mayPublish: () => Promise<boolean>
  onPhase: (phase: "grouping" | "rendering" | "uploading") => void
  now: number
}

/**
 * Makes a snapshot of the stored catalogues and guides of all sources, uploads it and makes it current. Gives
 * the number of live channels; null when there was nothing to publish (no catalogue yet, or no change).
 */
export async function publishSnapshot(options: PublishOptions): Promise<number | null> {
  const { edge, shaping, edits, mayPublish, onPhase, now } = options
  const [current, catalogues, guides] = await Promise.all([
    edge.currentPointer(),
    readCatalogues(edge, options.sources),
    loadGuides(edge, options.hasOwnGuides ? [null, ...options.sources] : options.sources),
  ])
  const { sources, stored } = catalogues
  if (sources.length === 0 && current === null) return null
  const digest = digestOf([
    snapshotFormat,
    shaping,
    sources.map((source, at) => [source, stored[at]?.digest]),
    [...edits].sort(([a], [b]) => (a < b ? -1 : 1)),
    guides.digest,
  ])
  if (current?.digest === digest) return null

  onPhase("grouping")
  const [records, registry] = await Promise.all([loadRecords(edge, catalogues), readRegistry(edge, current)])
  const today = Math.floor(now / 86_400_000)
  const channels = makeChannels({ records, sources, shaping, edits, registry, today })

  onPhase("rendering")
  const snapshot = snapshotId(now, current?.snapshot ?? null)
  const uploads = new Uploads()
  const packs = new PackWriter({
    upload: async (number, pack) => {
      uploads.add(() => edge.writeObject(objects.pack(snapshot, number), pack))
      await uploads.room()
    },
  })
  const rendered = await renderSnapshot({ edge, packs, channels, sources, shaping, edits, guides, now })
  const registryView: View = [await packs.addText(registry.next(channels, today))]
  await packs.finish()
  onPhase("uploading")
  await uploads.done()
  const manifest: Manifest = { snapshot, packs: [...packs.lengths], registry: registryView, ...rendered }
  await edge.writeObject(objects.manifest(snapshot), JSON.stringify(manifest))
  if (!(await mayPublish())) return null
  const pointer: Pointer = {
    snapshot,
    previous: current?.snapshot ?? null,
    publishedAt: Math.floor(now / 1000),
    digest,
    channels: manifest.sections.live.entries,
  }
  await edge.publish(pointer)
  await removeOthers(edge, options)
  return pointer.channels
}

/** The ids that the current snapshot's channels have. */
async function readRegistry(edge: EdgeClient, current: Pointer | null): Promise<ChannelRegistry> {
  const manifest = current === null ? null : await edge.manifest(current.snapshot)
  if (manifest === null) return ChannelRegistry.empty()
  const pieces: Buffer[] = []
  for (const [pack, offset, length] of manifest.registry) {
    const piece = await edge.readBytes(objects.pack(manifest.snapshot, pack), { offset, length })
    if (piece === null) throw new Error("a pack of the current snapshot is gone")
    pieces.push(piece)
  }
  return ChannelRegistry.read(await unpacked(Buffer.concat(pieces)))
}

/** Deletes what is stored of sources, and of guides, that are not configured any more. */
async function removeOthers(edge: EdgeClient, { configured, hasOwnGuides }: PublishOptions): Promise<void> {
  const known = new Set([...configured, ...(hasOwnGuides ? ["_"] : [])])
  for (const prefix of ["catalogue/", "guides/"])
    for (const key of await edge.listObjects(prefix)) {
      const owner = /^[^/]+\/([^/.]+)/.exec(key)?.[1]
      if (owner !== undefined && !known.has(owner)) await edge.deleteObject(key)
    }
}

function digestOf(parts: unknown): string {
  return createHash("sha256").update(JSON.stringify(parts)).digest("hex").slice(0, 32)
}

/** Sorts after the previous one whatever this machine's clock says: old snapshots are those before. */
function snapshotId(now: number, previous: string | null): string {
  const before = previous === null ? 0 : Number.parseInt(previous.slice(0, 9), 36)
  return `${Math.max(now, before + 1)
    .toString(36)
    .padStart(9, "0")}-${randomUUID().slice(0, 8)}`
}
