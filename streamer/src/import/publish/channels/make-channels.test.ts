import type { Entry } from "@tributary/shared/catalogue/entry"
import { describe, expect, it } from "vitest"
import { seededRandom } from "../../test-inputs.ts"
import { catalogueOf, entry, groupsOf, listed } from "../test-catalogue.ts"
import type { Shaping } from "./make-channels.ts"

const group = (sources: Record<string, Entry[]>, shaping: Partial<Shaping> = {}) =>
  listed(catalogueOf(sources, { shaping }))
const names = (channels: { name: string }[]) => channels.map(({ name }) => name)

describe("grouping", () => {
  it("makes one channel of the same name, with feeds in the order of the sources and the first one's attributes", () => {
    const a = [entry("BBC  One", "a1", { x: "1" }), entry("bbc one", "a2")]
    const b = [entry("ＢＢＣ One", "b1", { x: "2" })]
    const [channel, ...more] = group({ b, a })
    expect(more).toEqual([])
    expect(channel).toMatchObject({ name: "ＢＢＣ One", attributes: [["x", "2"]] })
    expect(channel?.feeds.map(({ source, at }) => [source, at])).toEqual([
      ["b", "b1"],
      ["a", "a1"],
      ["a", "a2"],
    ])
    expect(group({ a, b })[0]?.feeds.map(({ source }) => source)).toEqual(["a", "a", "b"])
  })

  it("counts a source's copy of an address once, and another source's as its own feed", () => {
    const [channel] = group({
      a: [entry("One", "x"), entry("One", "x"), entry("One", "y")],
      b: [entry("One", "x")],
    })
    expect(channel?.feeds).toHaveLength(3)
    expect(new Set(channel?.feeds.map(({ id }) => id)).size).toBe(3)
  })

  it("is by tvg-id or by name without quality where that is set", () => {
    const entries = [
      entry("One HD", "1", { "tvg-id": "one" }),
      entry("One [4K]", "2", { "TVG-ID": "ONE " }),
      entry("Uno", "3", { "tvg-id": "one" }),
      entry("Two", "4", { "tvg-id": "" }),
      entry("Three", "5", { "tvg-id": "" }),
    ]
    expect(names(group({ a: entries }))).toHaveLength(5)
    expect(names(group({ a: entries }, { groupBy: "tvg-id" }))).toEqual(["One [4K]", "Three", "Two"])
    expect(names(group({ a: entries }, { groupBy: "quality" }))).toEqual(["One [4K]", "Three", "Two", "Uno"])
  })

  it("gives the same ids whatever the order of sources and entries, and keeps them when others come and go", () => {
    const random = seededRandom(11)
    const all = Array.from({ length: 3000 }, (_, at) => entry(`Channel ${at}`, `u${at}`))
    const idsOf = (entries: Entry[]) =>
      new Map(group({ a: entries.slice(0, 900), b: entries.slice(900) }).map(({ id, name }) => [name, id]))
    const first = idsOf(all)
    expect(new Set(first.values()).size).toBe(3000)
    for (const id of first.values()) expect(id).toMatch(/^[1-9]\d{8,9}$/)
    const shuffled = all
      .map((one) => ({ one, key: random.below(1e9) }))
      .sort((a, b) => a.key - b.key)
      .map(({ one }) => one)
    expect(idsOf(shuffled)).toEqual(first)
    for (const [name, id] of idsOf(shuffled.slice(0, 1500))) expect(first.get(name)).toBe(id)
  })

  it("takes a hundred thousand feeds of one channel in linear time", () => {
    const entries = Array.from({ length: 100_000 }, (_, at) => entry("One", `u${at}`))
    const startedAt = performance.now()
    expect(group({ a: entries })[0]?.feeds).toHaveLength(100_000)
    expect(performance.now() - startedAt).toBeLessThan(5000)
  })

  it("never mixes kinds, whatever they are called", () => {
    const kinds = (["live", "movie", "series", "episode"] as const).map((kind) => ({
      ...entry("One", kind),
      kind,
    }))
    const catalogue = catalogueOf({ a: kinds })
    const all = (["live", "movie", "series", "episode"] as const).map((kind) => listed(catalogue, kind))
    expect(all.map((list) => list.map(({ feeds }) => feeds.map(({ at }) => at)))).toEqual([
      [["live"]],
      [["movie"]],
      [["series"]],
      [["episode"]],
    ])
    expect(new Set(all.flat().map(({ id }) => id)).size).toBe(4)
  })

  it("keeps a logo with the source that it is from", () => {
    const first = entry("One", "1", { "tvg-logo": "" }, { logo: "{server}/l.png" })
    expect(group({ b: [entry("Two", "2")], a: [first] })[0]).toMatchObject({
      logo: "{server}/l.png",
      logoSource: "a",
    })
    expect(group({ b: [entry("One", "2")], a: [first] })[0]?.logo).toBe("")
  })

  it("orders a source's feeds by the picture that their names promise, and sources before that", () => {
    const feeds = (...tags: string[]) => tags.map((tag) => entry(`One ${tag}`, tag))
    const a = feeds("SD", "HD", "", "FHD", "4K", "720p", "(1080p)", "UHD")
    const b = [entry("One UHD", "other")]
    const [channel] = group({ a, b }, { groupBy: "quality" })
    expect(channel?.feeds.map(({ at }) => at)).toEqual([
      ...["4K", "UHD", "FHD", "(1080p)", "HD", "720p", "", "SD"],
      "other",
    ])
    // What is shown is the best feed's of the first source.
    expect(channel?.name).toBe("One 4K")
  })

  it("lists a channel under each of its groups once, in the order of the list", () => {
    const grouped = (name: string, ...groups: string[]) => entry(name, name, {}, { groups })
    const catalogue = catalogueOf({
      a: [grouped("C", "News", "World", "News"), grouped("A", "World"), grouped("B"), grouped("Ä", "World")],
    })
    expect(groupsOf(catalogue)).toEqual({ News: ["C"], World: ["A", "Ä", "C"] })
  })
})

describe("the order of channels", () => {
  const entries = [
    entry("b", "1", { "tvg-name": "Zulu", "tvg-chno": "10" }),
    entry("É", "2", { "tvg-chno": "9" }),
    entry("C 10", "3", { "tvg-name": "" }),
    entry("c 9", "4", { "tvg-chno": "100" }),
    entry("a", "5"),
  ]

  it("is by the field, else by the name, as people sort: accents, case and numbers", () => {
    expect(names(group({ a: entries }))).toEqual(["a", "c 9", "C 10", "É", "b"])
    expect(names(group({ a: entries }, { sortDirection: "desc" }))).toEqual(["b", "É", "C 10", "c 9", "a"])
    expect(names(group({ a: entries }, { sortField: "TVG-chno" }))).toEqual(["É", "b", "c 9", "a", "C 10"])
    expect(names(group({ a: entries }, { sortField: "no-such" }))).toEqual(["a", "b", "c 9", "C 10", "É"])
  })

  it("is the same for ties whatever the order of entries", () => {
    const ties = Array.from({ length: 50 }, (_, at) => entry(`n${at}`, `u${at}`, { "tvg-name": "same" }))
    const forward = names(group({ a: ties }))
    expect(names(group({ a: ties.toReversed() }))).toEqual(forward)
    expect(names(group({ a: ties }, { sortDirection: "desc" }))).toEqual(forward.toReversed())
  })
})
