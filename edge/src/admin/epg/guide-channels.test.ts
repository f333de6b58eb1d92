import { env } from "cloudflare:workers"
import type { GuideChannels } from "@tributary/shared/admin-api/epg"
import { objects } from "@tributary/shared/store/keys"
import { beforeEach, describe, expect, it } from "vitest"
import { startAfresh } from "../../test-support/edge-under-test.ts"
import { addSources } from "../../test-support/store.ts"
import { askAsAdmin } from "../admin-fixture.ts"

beforeEach(async () => {
  await startAfresh()
  await addSources(
    { id: "acme", type: "m3u", url: "http://provider.example/list.m3u" },
    { id: "off", type: "m3u", url: "http://provider.example/list.m3u", enabled: false },
  )
})

/** Stores a guide of these channels as the importer does. */
async function store(owner: string | null, channels: Record<string, string[]>): Promise<void> {
  const lines = Object.entries(channels).map(([id, names]) => JSON.stringify({ id, names, programmes: 3 }))
  const packed = new Response(`${lines.join("\n")}\n`).body?.pipeThrough(new CompressionStream("gzip"))
  await env.SNAPSHOTS.put(objects.guidePart(owner, "g1", 7), await new Response(packed).arrayBuffer())
  await env.SNAPSHOTS.put(objects.guides(owner), JSON.stringify({ guides: [{ generation: "g1", heads: 7 }] }))
}

async function search(text: string): Promise<[id: string, source: string | null][]> {
  const response = await askAsAdmin(`/epg/channels?search=${encodeURIComponent(text)}`)
  expect(response.status).toBe(200)
  const { channels } = await response.json<GuideChannels>()
  return channels.map(({ id, source }) => [id, source])
}

describe("GET /api/epg/channels", () => {
  it("finds channels of every guide by id or name, the nearest first", async () => {
    await store(null, { "sports.news": ["Sport News"], "news.one": ["One"] })
    await store("acme", { x: ["News"], y: ["Kids"] })
    expect(await search("news")).toEqual([
      ["x", "acme"],
      ["news.one", null],
      ["sports.news", null],
    ])
    expect(await search("KIDS ")).toEqual([["y", "acme"]])
    expect(await search("nothing")).toEqual([])
  })

  it("leaves out guides of sources that are disabled, and has none before the first import", async () => {
    expect(await search("")).toEqual([])
    await store("off", { x: ["News"] })
    expect(await search("")).toEqual([])
  })

  it("gives fifty of many", async () => {
    const many = Object.fromEntries(Array.from({ length: 3_000 }, (_, at) => [`c${at}`, [`Channel ${at}`]]))
    await store("acme", many)
    const found = await search("channel 29")
    expect(found).toHaveLength(50)
    expect(found[0]).toEqual(["c29", "acme"])
  })

  it("names what is wrong with a search", async () => {
    const response = await askAsAdmin(`/epg/channels?search=${"x".repeat(201)}`)
    expect(await response.json()).toEqual({
      error: { code: "bad_request", message: "search: must have at most 200 characters" },
    })
  })
})
