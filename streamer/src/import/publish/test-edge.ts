import { gunzipSync } from "node:zlib"
import type { Entry, IndexedChannel } from "@tributary/shared/catalogue/entry"
import { type IndexShard, shardOfId } from "@tributary/shared/snapshot/index-shard"
import { type Manifest, manifestSchema, type Pointer, type View } from "@tributary/shared/snapshot/manifest"
import { objects } from "@tributary/shared/store/keys"
import type { EdgeClient } from "../../store/edge-client.ts"
import { CatalogueUpload } from "../catalogue/stored-catalogue.ts"
import { type PublishOptions, publishSnapshot } from "./publish-snapshot.ts"
import { plainShaping } from "./test-catalogue.ts"

/** The edge's object storage in memory, and its publishing: a test reads what is there. */
export class TestEdge {
  readonly stored = new Map<string, Buffer>()
  /** Called before and after each change; a test throws here. */
  onChange: (what: string) => void = () => undefined

  /** As the importer knows the edge. */
  get client(): EdgeClient {
    return this as unknown as EdgeClient
  }

  async readBytes(key: string, range?: { offset: number; length: number }): Promise<Buffer | null> {
    const bytes = this.stored.get(key)
    if (bytes === undefined || range === undefined) return bytes ?? null
    return bytes.subarray(range.offset, range.offset + range.length)
  }

  async readObject(key: string): Promise<string | null> {
    return this.stored.get(key)?.toString() ?? null
  }

  async writeObject(key: string, body: string | Buffer): Promise<void> {
    const what = `PUT ${key}`
    this.onChange(what)
    this.stored.set(key, Buffer.from(body as string))
    this.onChange(what)
  }

  async deleteObject(key: string): Promise<void> {
    const what = `DELETE ${key}`
    this.onChange(what)
    this.stored.delete(key)
    this.onChange(what)
  }

  async listObjects(prefix: string): Promise<string[]> {
    const found = [...this.stored.keys()].filter((key) => key.startsWith(prefix))
    return found.sort((a, b) => (a < b ? -1 : 1))
  }

  async currentPointer(): Promise<Pointer | null> {
    const text = await this.readObject(objects.current)
    return text === null ? null : (JSON.parse(text) as Pointer)
  }

  async manifest(snapshot: string): Promise<Manifest | null> {
    const text = await this.readObject(objects.manifest(snapshot))
    return text === null ? null : manifestSchema.parse(JSON.parse(text))
  }

  async publish(pointer: Pointer): Promise<void> {
    const what = "PUBLISH"
    this.onChange(what)
    this.stored.set(objects.current, Buffer.from(JSON.stringify(pointer)))
    this.onChange(what)
  }

  /** Stores a source's catalogue, as an import does. */
  async store(source: string, entries: Entry[], generation = "g1"): Promise<void> {
    const upload = new CatalogueUpload(this.client, source, generation)
    for (const entry of entries) upload.writer.write(entry)
    await upload.finish()
    await upload.replace([], "", 0)
  }

  /** Publishes the stored catalogues; gives what `publishSnapshot` does. */
  publishAll(sources: string[], more: Partial<PublishOptions> = {}): Promise<number | null> {
    return publishSnapshot({
      edge: this.client,
      ...{ sources, configured: sources, hasOwnGuides: true, shaping: plainShaping, edits: new Map() },
      ...{ mayPublish: async () => true, onPhase: () => undefined, now: 1_700_000_000_000 },
      ...more,
    })
  }

  /** The current snapshot's manifest. */
  async current(): Promise<Manifest> {
    const pointer = await this.currentPointer()
    const manifest = pointer === null ? null : await this.manifest(pointer.snapshot)
    if (manifest === null) throw new Error("nothing is published")
    return manifest
  }

  /** A view's text. */
  text({ snapshot }: Manifest, view: View): string {
    if (view.length === 0) return ""
    const pieces = view.map(([pack, offset, length]) =>
      (this.stored.get(objects.pack(snapshot, pack)) ?? Buffer.alloc(0)).subarray(offset, offset + length),
    )
    return gunzipSync(Buffer.concat(pieces)).toString()
  }

  /** The index's shards, as texts. */
  shards(manifest: Manifest): string[] {
    return manifest.index.flatMap(({ pack, offset, lengths }) => {
      let at = offset
      return lengths.map((length) => {
        const start = at
        at += length
        return this.text(manifest, [[pack, start, length]])
      })
    })
  }

  channel(manifest: Manifest, id: string): IndexedChannel | undefined {
    const shards = this.shards(manifest).map((text) => JSON.parse(text) as IndexShard)
    return shards[shardOfId(id, shards.length)]?.channels[id]
  }
}
