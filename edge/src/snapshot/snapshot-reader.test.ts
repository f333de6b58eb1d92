import { env } from "cloudflare:workers"
import { objects } from "@tributary/shared/store/keys"
import { beforeEach, describe, expect, it, vi } from "vitest"
import { type TestChannel, uploadSnapshot } from "../test-support/catalogue.ts"
import { ask, publish, publishChannels, startAfresh } from "../test-support/edge-under-test.ts"
import { addViewers } from "../test-support/store.ts"
import { textOf } from "../test-support/streams.ts"
import { bodyOf } from "../transfer/body-of.ts"
import { PackReader } from "./pack-reader.ts"
import { SnapshotReader } from "./snapshot-reader.ts"

beforeEach(async () => {
  await startAfresh()
  return () => vi.restoreAllMocks()
})

const put = async (snapshot: string, channels: TestChannel[], indexShards = 2) => {
  const pointer = await uploadSnapshot(snapshot, channels, { indexShards })
  await env.SNAPSHOTS.put(objects.current, JSON.stringify(pointer))
}
const newReader = () => new SnapshotReader(env.SNAPSHOTS, new PackReader(env.SNAPSHOTS))

describe("a channel is found", () => {
  const channels = [
    { id: "101", name: "Café Ümläut TV" },
    { id: "102", name: "102 FM / Rock & Pop" },
    { id: "103", name: "101" },
    { id: "104000001", name: "105000001" },
    { id: "105000001", name: "104000001" },
    { id: "104", name: "constructor" },
    { id: "105", name: "Новости 日本" },
    { id: "106", name: "Straße" },
  ]

  it.each([
    ["its id", "102", "102"],
    ["its name", "Café Ümläut TV", "101"],
    ["its name in other case", "cAFÉ üMLÄUT tv", "101"],
    ["its name decomposed", "Café Ümläut TV".normalize("NFD"), "101"],
    ["its name in full width", "ＣＡＦÉ Ümläut TV", "101"],
    ["its name with other spaces", " Café\u00a0Ümläut  TV\u200b", "101"],
    ["a name with a slash and an ampersand", "102 fm / rock & pop", "102"],
    ["an id before a name that looks like it", "105000001", "105000001"],
    ["a name of few digits before an id", "101", "103"],
    ["a name that every object has", "constructor", "104"],
    ["a name in other scripts", "новости 日本", "105"],
    ["a name with a letter of two capitals", "STRASSE", "106"],
  ])("by %s", async (_, text, id) => {
    await put("1", channels, 5)
    expect((await newReader().findChannel(text, 0))?.id).toBe(id)
  })

  it.each(["", " ", "999", "__proto__", "toString", "hasOwnProperty"])(
    "by nothing else: %j",
    async (text) => {
      await put(
        "1",
        channels.filter(({ name }) => name !== "constructor"),
        5,
      )
      const reader = newReader()
      expect(await reader.findChannel(text, 0)).toBeNull()
      expect(await reader.findChannel("constructor", 0)).toBeNull()
    },
  )

  it("never before the first snapshot", async () => {
    expect(await newReader().findChannel("101", 0)).toBeNull()
  })
})

describe("a look-up", () => {
  const digits = (number: number) => String(100_000_000 + number)
  const channels = Array.from({ length: 50 }, (_, at) => ({ id: digits(at), name: `Channel ${at}` }))

  async function readsOf(reader: SnapshotReader, text: string) {
    const get = vi.spyOn(env.SNAPSHOTS, "get")
    await reader.findChannel(text, 0)
    const reads = get.mock.calls.length
    get.mockRestore()
    return reads
  }

  it("by id reads one range, of a name at most two, and none of what is in memory", async () => {
    await put("1", channels, 20)
    const reader = newReader()
    await reader.current(0)
    expect(await readsOf(reader, digits(7))).toBe(1)
    expect(await readsOf(reader, digits(7))).toBe(0)
    expect(await readsOf(newReader(), "channel 9")).toBeLessThanOrEqual(2 + 2)
    expect(await readsOf(reader, "channel 7")).toBeLessThanOrEqual(1)
  })

  it("reads the shard, not its pack", async () => {
    await put("1", channels, 20)
    const reader = newReader()
    await reader.current(0)
    const get = vi.spyOn(env.SNAPSHOTS, "get")
    await reader.findChannel(digits(7), 0)
    const options = get.mock.calls[0]?.[1] as unknown as { range: { length: number } }
    expect(options.range.length).toBeLessThan(1_000)
  })
})

describe("memory", () => {
  it("asks for the pointer again after two seconds", async () => {
    await put("1", [])
    const reader = newReader()
    const current = async (now: number) => (await reader.current(now))?.manifest.snapshot
    expect(await current(10_000)).toBe("1")
    await put("2", [])
    expect(await current(11_999)).toBe("1")
    expect(await current(12_000)).toBe("2")
  })

  it("reads a manifest once, and keeps the two that were used last", async () => {
    for (const id of ["1", "2", "3"]) await uploadSnapshot(id, [])
    const reader = newReader()
    const get = vi.spyOn(env.SNAPSHOTS, "get")
    const read = async (snapshot: string) => {
      const pointer = { snapshot, previous: null, publishedAt: 1, digest: "d", channels: 0 }
      await env.SNAPSHOTS.put(objects.current, JSON.stringify(pointer))
      reader.forgetPointer()
      get.mockClear()
      expect((await reader.current(0))?.manifest.snapshot).toBe(snapshot)
      return get.mock.calls.map(([key]) => key).filter((key) => key !== objects.current).length
    }
    expect([await read("1"), await read("2"), await read("1")]).toEqual([1, 1, 0])
    expect([await read("3"), await read("1"), await read("2")]).toEqual([1, 0, 1])
  })

  it("forgets the pointer when a snapshot is published through this isolate", async () => {
    await addViewers({ username: "ann", password: "secret" })
    const path = "/playlist.m3u8?username=ann&password=secret"
    await publishChannels("1", [{ id: "101", name: "News" }])
    expect(await textOf(await ask(path))).toContain("News")
    await publishChannels("2", [{ id: "101", name: "Sport" }])
    expect(await textOf(await ask(path))).toContain("Sport")
  })

  it("holds 64 shards of the index: an isolate does not grow with the catalogue", async () => {
    const channels = Array.from({ length: 500 }, (_, at) => ({
      id: String(100_000 + at),
      name: `Channel ${at}`,
    }))
    await put("1", channels, 100)
    const reader = newReader()
    for (const { id } of channels) await reader.findChannel(id, 0)
    const get = vi.spyOn(env.SNAPSHOTS, "get")
    for (const { id } of channels) await reader.findChannel(id, 0)
    const readAgain = new Set(get.mock.calls.map((call) => JSON.stringify(call)))
    expect(readAgain.size).toBeGreaterThanOrEqual(36)
    // One that was just read is in memory.
    get.mockClear()
    await reader.findChannel(channels.at(-1)?.id ?? "", 0)
    expect(get).not.toHaveBeenCalled()
  })
})

describe("a reader in the middle of a snapshot", () => {
  it("still finds its parts after one publication", async () => {
    await publishChannels("1", [{ id: "101", name: "Old" }])
    const reader = newReader()
    const old = await reader.current(0)
    await publish(await uploadSnapshot("2", [{ id: "101", name: "New" }]))
    expect((await reader.findChannel("101", 1))?.channel.name).toBe("Old")
    const view = old?.manifest.sections.live.playlist ?? []
    const chunks = new PackReader(env.SNAPSHOTS).unpacked("1", view, { seconds: 0, later: () => undefined })
    expect(await textOf(new Response(bodyOf(chunks)))).toContain("Old")
  })

  it.each([
    ["before it has read the manifest", false],
    ["before it has read the index", true],
  ])("goes on in the next one when two were published %s", async (_, knowsManifest) => {
    await put("1", [{ id: "101", name: "Old" }])
    const reader = newReader()
    await (knowsManifest ? reader.current(0) : reader.pointer(0))
    await put("3", [{ id: "101", name: "New" }])
    const { objects: old } = await env.SNAPSHOTS.list({ prefix: objects.snapshotPrefix("1") })
    for (const { key } of old) await env.SNAPSHOTS.delete(key)
    expect((await reader.findChannel("101", 1))?.channel.name).toBe("New")
    expect(await reader.findChannel("999", 1)).toBeNull()
  })
})
