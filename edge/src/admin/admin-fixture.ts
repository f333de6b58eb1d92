import { createExecutionContext, waitOnExecutionContext } from "cloudflare:test"
import { env } from "cloudflare:workers"
import type { IndexedChannel } from "@tributary/shared/catalogue/entry"
import { type IndexShard, shardOfId } from "@tributary/shared/snapshot/index-shard"
import type { AdminRow, Manifest, Pointer, Range } from "@tributary/shared/snapshot/manifest"
import { objects } from "@tributary/shared/store/keys"
import { app } from "../app.ts"
import { edgeOf } from "../edge.ts"

/** A request with the admin token; resolves when what outlives the answer has ended too. */
export async function askAsAdmin(path: string, method = "GET", body?: unknown): Promise<Response> {
  const context = createExecutionContext()
  const init: RequestInit<CfProperties> = {
    method,
    headers: { authorization: `Bearer ${env.ADMIN_TOKEN}` },
    ...(body === undefined ? {} : { body: typeof body === "string" ? body : JSON.stringify(body) }),
  }
  const request = new Request<unknown, CfProperties>(`${env.BASE_URL}/api${path}`, init)
  const response = await app.fetch(request, env, context)
  await waitOnExecutionContext(context)
  return response
}

/** A row with one feed `feed-{id}`, and what is said of it. */
export const row = (id: number | string, more: Partial<AdminRow> = {}): AdminRow => ({
  id: String(id),
  kind: "live",
  name: `Channel ${id}`,
  groups: [],
  tvgId: "",
  logo: "",
  number: null,
  feeds: [{ id: `feed-${id}`, source: "acme", name: `Channel ${id}` }],
  hidden: false,
  guide: false,
  ...more,
})

const indexShards = 2
// What is in a snapshot never changes, so isolates remember it: each has an id of its own.
let snapshots = 0

/**
 * Puts a snapshot into the bucket that has these rows and the index of those that are not hidden, and makes it
 * the current one. `packOf` says in which pack a page lies.
 */
export async function putRows(
  rows: readonly AdminRow[],
  { perPage = 3, packOf = () => 0 }: { perPage?: number; packOf?: (page: number) => number } = {},
): Promise<Manifest> {
  const snapshot = `snapshot-${++snapshots}`
  const packs = new Packs()
  const pages: Range[] = []
  for (let at = 0; at < rows.length; at += perPage) {
    const lines = rows.slice(at, at + perPage).map((one) => `${JSON.stringify(one)}\n`)
    pages.push(await packs.add(packOf(pages.length), lines.join("")))
  }
  const shards: Range[] = []
  for (const shard of indexOf(rows)) shards.push(await packs.add(0, JSON.stringify(shard)))
  const section = { entries: 0, playlist: [], list: [], lineup: [], groups: [] }
  const manifest: Manifest = {
    snapshot,
    packs: packs.lengths,
    sections: { live: section, movie: section, series: section, episode: section },
    index: [{ pack: 0, offset: shards[0]?.[1] ?? 0, lengths: shards.map(([, , length]) => length) }],
    guide: [],
    guideHasLogos: false,
    admin: { rows: perPage, total: rows.length, pages },
    registry: [],
  }
  await packs.upload(snapshot)
  await env.SNAPSHOTS.put(objects.manifest(snapshot), JSON.stringify(manifest))
  await pointTo(snapshot)
  const edge = await edgeOf(env)
  edge.snapshots.forgetPointer()
  return manifest
}

/** Makes a snapshot the current one, of which this isolate does not hear. */
export async function pointTo(snapshot: string): Promise<void> {
  const pointer: Pointer = { snapshot, previous: null, publishedAt: 1, digest: snapshot, channels: 1 }
  await env.SNAPSHOTS.put(objects.current, JSON.stringify(pointer))
}

function indexOf(rows: readonly AdminRow[]): IndexShard[] {
  const shards = Array.from({ length: indexShards }, (): IndexShard => ({ channels: {}, names: {} }))
  for (const { id, kind, name, groups, feeds, hidden } of rows) {
    const shard = shards[shardOfId(id, indexShards)]
    if (hidden || shard === undefined) continue
    const channel: IndexedChannel = {
      ...(kind === "live" ? {} : { kind }),
      name,
      groups,
      feeds: feeds.map((feed) => ({
        id: feed.id,
        source: feed.source,
        locator: { kind: "xtream", streamId: "1", extension: "ts" },
      })),
    }
    shard.channels[id] = channel
  }
  return shards
}

class Packs {
  readonly #packs: Uint8Array[][] = []

  get lengths(): number[] {
    return this.#packs.map(lengthOf)
  }

  async add(number: number, text: string): Promise<Range> {
    while (this.#packs.length <= number) this.#packs.push([])
    const pack = this.#packs[number] ?? []
    const packed = new Response(text).body?.pipeThrough(new CompressionStream("gzip"))
    const bytes = new Uint8Array(await new Response(packed).arrayBuffer())
    const range: Range = [number, lengthOf(pack), bytes.length]
    pack.push(bytes)
    return range
  }

  async upload(snapshot: string): Promise<void> {
    for (const [number, pack] of this.#packs.entries())
      await env.SNAPSHOTS.put(objects.pack(snapshot, number), new Blob(pack))
  }
}

const lengthOf = (pieces: readonly Uint8Array[]) => pieces.reduce((sum, { length }) => sum + length, 0)
