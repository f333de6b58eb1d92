import { createExecutionContext, waitOnExecutionContext } from "cloudflare:test"
import { env } from "cloudflare:workers"
import type { View } from "@tributary/shared/snapshot/manifest"
import { objects } from "@tributary/shared/store/keys"
import { beforeEach, describe, expect, it, vi } from "vitest"
import { startAfresh } from "../test-support/edge-under-test.ts"
import { PackBuilder } from "../test-support/pack-builder.ts"
import { collectBytes, readUntilEnd, streamOf } from "../test-support/streams.ts"
import { type CacheUse, PackReader } from "./pack-reader.ts"

beforeEach(async () => {
  await startAfresh()
  return () => vi.restoreAllMocks()
})

const text = "Näws\n".repeat(1_000)
const noCache: CacheUse = { seconds: 0, later: () => undefined }
const newReader = () => new PackReader(env.SNAPSHOTS)

async function upload(content: Uint8Array | string, packBytes: number): Promise<View> {
  const packs = new PackBuilder(packBytes)
  const view = await packs.view(typeof content === "string" ? content : streamOf([content]))
  await packs.upload("1")
  return view
}

/** What cannot be packed: its gzip stream is as long as it is. */
const noise = (size: number) => {
  const bytes = new Uint8Array(size)
  for (let at = 0; at < size; at += 65_536) crypto.getRandomValues(bytes.subarray(at, at + 65_536))
  return bytes
}

const textOfView = async (reader: PackReader, view: View, cache = noCache) =>
  new TextDecoder().decode(await collectBytes(reader.unpacked("1", view, cache)))

describe("a view", () => {
  it.each([1, 7, 50, 100_000])("is the same in packs of %i bytes", async (packBytes) => {
    const view = await upload(text, packBytes)
    if (packBytes === 7) expect(view.length).toBeGreaterThan(3)
    expect(await textOfView(newReader(), view)).toBe(text)
  })

  it("of nothing is nothing", async () => {
    expect(await textOfView(newReader(), [])).toBe("")
  })

  it("is taken out of what lies around it", async () => {
    const packs = new PackBuilder(100_000)
    await packs.view("before")
    const view = await packs.view(text)
    await packs.view("after")
    await packs.upload("1")
    expect(await textOfView(newReader(), view)).toBe(text)
  })

  it("is given packed as it is stored", async () => {
    const view = await upload(text, 30)
    const gzip = await collectBytes(newReader().packed("1", view, noCache))
    expect(gzip.subarray(0, 2)).toEqual(Uint8Array.of(0x1f, 0x8b))
    expect(gzip.length).toBe(view.reduce((sum, [, , length]) => sum + length, 0))
  })

  it("is read in bounded pieces, a single one ahead of its reader", async () => {
    const view = await upload(noise(3_000_000), 100_000_000)
    expect(view).toHaveLength(1)
    const get = vi.spyOn(env.SNAPSHOTS, "get")
    const chunks = newReader().packed("1", view, noCache)
    for (let taken = 1; !(await chunks.next()).done; taken++)
      expect(get.mock.calls.length).toBeLessThanOrEqual(taken + 1)
    const lengths = get.mock.calls.map(
      (call) => (call[1] as unknown as { range: { length: number } }).range.length,
    )
    expect(lengths[0]).toBeLessThanOrEqual(64 * 1024)
    expect(Math.max(...lengths)).toBeLessThanOrEqual(512 * 1024)
    expect(lengths.reduce((sum, length) => sum + length)).toBe(view[0]?.[2])
  })

  it("is read no further when its reader goes away", async () => {
    const view = await upload(noise(3_000_000), 100_000_000)
    const get = vi.spyOn(env.SNAPSHOTS, "get")
    const chunks = newReader().packed("1", view, noCache)
    await chunks.next()
    await chunks.return(undefined)
    expect(get.mock.calls.length).toBeLessThanOrEqual(2)
  })

  it("breaks off at a missing pack, after what came before", async () => {
    const view = await upload(noise(300_000), 100_000)
    await env.SNAPSHOTS.delete(objects.pack("1", 2))
    const { text: before, brokeOff } = await readUntilEnd(newReader().unpacked("1", view, noCache))
    expect(brokeOff).toBe(true)
    expect(before.length).toBeLessThan(300_000)
  })

  it("breaks off at a pack that is cut", async () => {
    const view = await upload(noise(300_000), 100_000)
    await env.SNAPSHOTS.put(objects.pack("1", 1), new Uint8Array(50_000))
    for (const chunks of [newReader().packed("1", view, noCache), newReader().unpacked("1", view, noCache)])
      expect((await readUntilEnd(chunks)).brokeOff).toBe(true)
  })
})

describe("the location's cache", () => {
  async function readFrom(reader: PackReader, view: View, seconds = 60): Promise<string> {
    const context = createExecutionContext()
    const read = await textOfView(reader, view, { seconds, later: (work) => context.waitUntil(work) })
    await waitOnExecutionContext(context)
    return read
  }

  it("serves what was read before, without the bucket", async () => {
    const view = await upload(text, 30)
    await readFrom(newReader(), view)
    const get = vi.spyOn(env.SNAPSHOTS, "get")
    expect(await readFrom(newReader(), view)).toBe(text)
    expect(get).not.toHaveBeenCalled()
  })

  it("keeps views of one pack apart", async () => {
    const packs = new PackBuilder(100_000)
    const views = [await packs.view("one"), await packs.view("two")]
    await packs.upload("1")
    for (let round = 0; round < 2; round++)
      for (const [at, content] of ["one", "two"].entries())
        expect(await readFrom(newReader(), views[at] ?? [])).toBe(content)
  })

  it("does not wait for what is being kept", async () => {
    const view = await upload(text, 30)
    const works: Promise<unknown>[] = []
    const never = new Promise<undefined>(() => undefined)
    vi.spyOn(caches.default, "put").mockReturnValue(never)
    const later: CacheUse["later"] = (work) => void works.push(work)
    expect(await textOfView(newReader(), view, { seconds: 60, later })).toBe(text)
    expect(works.length).toBeGreaterThan(0)
  })

  it("is left alone where it is switched off", async () => {
    const view = await upload(text, 100_000)
    const match = vi.spyOn(caches.default, "match")
    await readFrom(newReader(), view, 0)
    expect(match).not.toHaveBeenCalled()
    await env.SNAPSHOTS.delete(objects.pack("1", 0))
    await expect(readFrom(newReader(), view, 60)).rejects.toThrow("missing")
  })

  it("is not trusted with half a piece", async () => {
    const view = await upload(text, 100_000)
    await readFrom(newReader(), view)
    const [[pack, offset, length] = [0, 0, 0]] = view
    const key = `https://snapshot.invalid/${objects.pack("1", pack)}?${offset}+${length}`
    expect(await caches.default.match(key)).toBeDefined()
    await caches.default.put(
      key,
      new Response(new Uint8Array(length - 1), { headers: { "cache-control": "max-age=60" } }),
    )
    expect(await readFrom(newReader(), view)).toBe(text)
  })
})

describe("JSON", () => {
  it("is read from its range, and null once the snapshot is gone", async () => {
    const packs = new PackBuilder(1_000)
    await packs.range('{"other":1}')
    const range = await packs.range('{"name":"Näws"}')
    await packs.upload("1")
    expect(await newReader().json("1", range)).toEqual({ name: "Näws" })
    expect(await newReader().json("2", range)).toBeNull()
  })
})
