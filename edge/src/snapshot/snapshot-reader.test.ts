import { env } from "cloudflare:workers"
import { objects } from "@tributary/shared/store/keys"
import { beforeEach, describe, expect, it, vi } from "vitest"
import { type TestChannel, uploadSnapshot } from "../test-support/catalogue.ts"
import { ask, publish, publishChannels, startAfresh } from "../test-support/edge-under-test.ts"
import { addViewers } from "../test-support/store.ts"
import { textOf } from "../test-support/streams.ts"
import { ObjectCache } from "./object-cache.ts"
import { SnapshotReader } from "./snapshot-reader.ts"

beforeEach(async () => {
  await startAfresh()
  return () => vi.restoreAllMocks()
})

const put = async (snapshot: string, channels: TestChannel[], indexShards = 2) => {
  const manifest = await uploadSnapshot(snapshot, channels, { indexShards })
  await env.SNAPSHOTS.put(objects.current, JSON.stringify(manifest))
}

describe("a channel is found", () => {
  const channels = [
    { id: "101", name: "Café Ümläut TV" },
    { id: "102", name: "102 FM / Rock & Pop" },
    { id: "103", name: "101" },
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
    ["an id before a name that looks like it", "101", "101"],
    ["a name that every object has", "constructor", "104"],
    ["a name in other scripts", "новости 日本", "105"],
    ["a name with a letter of two capitals", "STRASSE", "106"],
  ])("by %s", async (_, text, id) => {
    await put("1", channels, 5)
    expect((await new SnapshotReader(env.SNAPSHOTS).findChannel(text, 0))?.id).toBe(id)
  })

  it.each(["", " ", "999", "__proto__", "toString", "hasOwnProperty"])(
    "by nothing else: %j",
    async (text) => {
      await put(
        "1",
        channels.filter(({ name }) => name !== "constructor"),
        5,
      )
      const reader = new SnapshotReader(env.SNAPSHOTS)
      expect(await reader.findChannel(text, 0)).toBeNull()
      expect(await reader.findChannel("constructor", 0)).toBeNull()
    },
  )

  it("never before the first snapshot", async () => {
    expect(await new SnapshotReader(env.SNAPSHOTS).findChannel("101", 0)).toBeNull()
  })
})

describe("memory", () => {
  it("asks for the manifest again after two seconds", async () => {
    await put("1", [])
    const reader = new SnapshotReader(env.SNAPSHOTS)
    expect((await reader.manifest(10_000))?.snapshot).toBe("1")
    await put("2", [])
    expect((await reader.manifest(11_999))?.snapshot).toBe("1")
    expect((await reader.manifest(12_000))?.snapshot).toBe("2")
  })

  it("forgets the manifest when a snapshot is published through this isolate", async () => {
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
    const reader = new SnapshotReader(env.SNAPSHOTS)
    for (const { id } of channels) await reader.findChannel(id, 0)
    const get = vi.spyOn(env.SNAPSHOTS, "get")
    for (const { id } of channels) await reader.findChannel(id, 0)
    const readAgain = new Set(get.mock.calls.map(([key]) => key))
    expect(readAgain.size).toBeGreaterThanOrEqual(36)
    // One that was just read is in memory.
    get.mockClear()
    await reader.findChannel(channels.at(-1)?.id ?? "", 0)
    expect(get).not.toHaveBeenCalled()
  })
})

describe("a reader in the middle of a snapshot", () => {
  it("still finds its parts after one publication", async () => {
    const manifest = await publishChannels("1", [{ id: "101", name: "Old" }])
    await publish(await uploadSnapshot("2", [{ id: "101", name: "New" }], { previous: manifest.snapshot }))
    const objectCache = new ObjectCache(env.SNAPSHOTS)
    const body = await objectCache.open(objects.playlist("1", null), 60, () => undefined)
    expect(await textOf(new Response(body))).toContain("Old")
  })

  it("finds channels in the next one when two were published meanwhile", async () => {
    await put("1", [{ id: "101", name: "Old" }])
    const reader = new SnapshotReader(env.SNAPSHOTS)
    await reader.manifest(0)
    await put("3", [{ id: "101", name: "New" }])
    for (const shard of [0, 1]) await env.SNAPSHOTS.delete(objects.indexShard("1", shard))
    expect((await reader.findChannel("101", 1))?.channel.name).toBe("New")
    expect(await reader.findChannel("999", 1)).toBeNull()
  })
})
