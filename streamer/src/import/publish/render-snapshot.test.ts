import { normaliseName } from "@tributary/shared/catalogue/group-key"
import { type IndexShard, shardOfId, shardOfName } from "@tributary/shared/snapshot/index-shard"
import { describe, expect, it } from "vitest"
import type { Channel } from "./group-channels.ts"
import { renderIndex } from "./render-index.ts"
import { renderPlaylists } from "./render-playlists.ts"

const channel = (at: number, name: string, more: Partial<Channel> = {}): Channel => ({
  id: String(100_000_000 + at),
  name,
  attributes: [],
  groups: [],
  feeds: [
    { id: `f${at}`, source: "a", locator: { kind: "url", template: `http://feeds.test/${at}/index.m3u8` } },
  ],
  ...more,
})
const text = (at: number, name: string, attributes = "") =>
  `#EXTINF:-1${attributes},${name}\n\u0001${100_000_000 + at}\u0002\n`

describe("the playlists of a snapshot", () => {
  it("hold every channel once in their order, and a group's its own", () => {
    const channels = [
      channel(1, "One", { groups: ["News", "World"] }),
      channel(2, "Two"),
      channel(3, "Three", { groups: ["News"] }),
    ]
    expect(renderPlaylists(channels)).toEqual({
      all: text(1, "One") + text(2, "Two") + text(3, "Three"),
      groups: [
        { name: "News", slug: "news", channels: 2, template: text(1, "One") + text(3, "Three") },
        { name: "World", slug: "world", channels: 1, template: text(1, "One") },
      ],
    })
    expect(renderPlaylists([])).toEqual({ all: "", groups: [] })
  })

  it("keep groups apart whose names have one slug, the same for every order of channels", () => {
    const groups = ["News!", "news", "NEWS", "☃", "???", "news-2"]
    const channels = groups.map((name, at) => channel(at, name, { groups: [name] }))
    const slugs = (list: Channel[]) => renderPlaylists(list).groups.map(({ name, slug }) => [name, slug])
    expect(new Set(slugs(channels).map(([, slug]) => slug)).size).toBe(groups.length)
    expect(slugs(channels.toReversed())).toEqual(slugs(channels))
  })

  it("have object names of a bounded length for any group", () => {
    const long = ["x", "日", "é📺a"].map((part, at) => channel(at, part, { groups: [part.repeat(100_000)] }))
    for (const { slug } of renderPlaylists(long).groups) {
      expect(Buffer.byteLength(slug)).toBeLessThan(700)
      expect(slug.isWellFormed()).toBe(true)
    }
  })

  it("write a logo on the provider's server as one of ours, and other attributes as they are", () => {
    const own = channel(1, "One", {
      attributes: [
        ["tvg-id", "a,b"],
        ["TVG-Logo", ""],
        ["x", 'say "hi"\n'],
      ],
      logo: { source: "a", template: "{server}/l.png" },
    })
    expect(renderPlaylists([own]).all).toBe(
      text(1, "One", ` tvg-id="a,b" TVG-Logo="\u0003100000001" x="say 'hi' "`),
    )
  })
})

describe("the index of a snapshot", () => {
  const shardsOf = (channels: Channel[]) =>
    renderIndex(channels).map((shard) => JSON.parse(shard) as IndexShard)

  it("has every channel in the shard of its id and of its name, and nowhere else, in small shards", () => {
    const channels = Array.from({ length: 20_000 }, (_, at) =>
      channel(at * 37, `Kanal ${at} Ü`, { groups: ["G"] }),
    )
    const texts = renderIndex(channels)
    const shards = texts.map((shard) => JSON.parse(shard) as IndexShard)
    for (const { id, name, groups, feeds } of channels) {
      expect(shards[shardOfId(id, shards.length)]?.channels[id]).toEqual({ name, groups, feeds })
      const normal = normaliseName(name)
      expect(shards[shardOfName(normal, shards.length)]?.names[normal]).toBe(id)
    }
    const count = (part: "channels" | "names") =>
      shards.reduce((sum, shard) => sum + Object.keys(shard[part]).length, 0)
    expect([count("channels"), count("names")]).toEqual([20_000, 20_000])
    expect(Math.max(...texts.map((shard) => Buffer.byteLength(shard)))).toBeLessThan(64 * 1024)
    expect(texts.length).toBeLessThan(1000)
  })

  it("gives a name that several have to the first, and has names like an object's own properties", () => {
    const names = ["Same", "SAME", "__proto__", "constructor", "toString"]
    const [shard] = shardsOf(names.map((name, at) => channel(at, name)))
    expect(shard?.names.same).toBe("100000000")
    const found = new Set(Object.entries(shard?.names ?? {}).map(([name]) => name))
    expect(found).toEqual(new Set(["__proto__", "constructor", "same", "tostring"]))
    expect(Object.keys(shard?.channels ?? {})).toHaveLength(5)
  })

  it("has a logo where there is one, and one shard when there is nothing", () => {
    const logo = { source: "a", template: "{server}/l.png" }
    expect(shardsOf([channel(1, "One", { logo })])[0]?.channels["100000001"]?.logo).toEqual(logo)
    expect(shardsOf([])).toEqual([{ channels: {}, names: {} }])
  })
})
