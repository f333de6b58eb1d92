import { describe, expect, it } from "vitest"
import { channel, importTexts, MemoryStore, programme, xmltv } from "./guide-fixture.ts"
import { loadGuides } from "./load-guides.ts"
import { type GuideTarget, matchGuides } from "./match-guides.ts"

const target = (id: string, rest: Partial<GuideTarget> = {}): GuideTarget => ({
  ...{ id, name: `Channel ${id}`, tvgIds: [], guideId: null, shiftMinutes: 0, groups: [], icon: "" },
  ...rest,
})

/** Guides of these channels: id, then names, separated by `|`. */
async function guidesOf(...guides: string[][]) {
  const store = new MemoryStore()
  const texts = guides.map((channels, number) => {
    const rows = channels.map((row) => {
      const [id = "", ...names] = row.split("|")
      return channel(id, ...names) + programme(id, 0, `${number}:${id}`)
    })
    return [`guide ${number}`, xmltv(rows.join(""))]
  })
  await importTexts(store, Object.fromEntries(texts))
  return loadGuides(store, [null])
}

/** `epg id <- guide:id …` of each target's block. */
async function matched(guides: string[][], targets: GuideTarget[]) {
  const loaded = await guidesOf(...guides)
  const match = matchGuides(loaded, targets)
  return targets.map(({ id }) => {
    const epgId = match.epgIdOf(id)
    const block = match.blocks.find((other) => other.channelIds.includes(id))
    expect(block?.epgId).toBe(epgId)
    const sources = block?.sources.map((number) => loaded.channels[number])
    return epgId && `${epgId} <- ${sources?.map((source) => `${source?.guide}:${source?.id}`).join(" ")}`
  })
}

describe("matching channels with guides", () => {
  it("goes by tvg-id, whatever its case and the spaces around it", async () => {
    expect(await matched([["BBC1.uk", "bbc2.uk"]], [target("1", { tvgIds: [" bbc1.UK "] })])).toEqual([
      "bbc1.UK <- 0:BBC1.uk",
    ])
  })

  it("prefers the id as written where ids differ in case only", async () => {
    const guides = [["ONE", "One", "one"]]
    expect(
      await matched(guides, [target("1", { tvgIds: ["one"] }), target("2", { tvgIds: ["oNE"] })]),
    ).toEqual(["one <- 0:one", expect.stringMatching(/^oNE <- 0:/)])
  })

  it("goes by name when no guide has the tvg-id, as it is, then without quality", async () => {
    const guides = [["x|BBC One HD", "y|BBC  one", "z|ITV FHD"]]
    const targets = [
      target("1", { name: "bbc one hd", tvgIds: ["unknown"] }),
      target("2", { name: "BBC One" }),
      target("3", { name: "ITV 4K" }),
      target("4", { name: "Other" }),
      target("5", { name: "BBC ONE", tvgIds: ["z"] }),
    ]
    expect(await matched(guides, targets)).toEqual([
      "unknown <- 0:x",
      "2 <- 0:y",
      "3 <- 0:z",
      undefined,
      "z <- 0:z",
    ])
  })

  it("takes one channel of each guide, in their priority; by id where any has it", async () => {
    const guides = [["n|News"], ["news.uk|Other"], ["NEWS.UK|News", "m|News"]]
    expect(
      await matched(guides, [
        target("1", { name: "News", tvgIds: ["news.uk"] }),
        target("2", { name: "News" }),
      ]),
    ).toEqual(["news.uk <- 1:news.uk 2:NEWS.UK", expect.stringMatching(/^2 <- 0:n 2:/)])
  })

  it("tries all of a channel's tvg-ids, the first one first", async () => {
    const guides = [["b", "c"], ["a"]]
    expect(await matched(guides, [target("1", { tvgIds: ["a", "b", "c"] })])).toEqual(["a <- 0:b 1:a"])
  })

  it("lets a user's mapping win, as it is written", async () => {
    const guides = [["own|Name", "x.1", "X.1"], ["x.1"]]
    expect(
      await matched(guides, [
        target("1", { name: "Name", tvgIds: ["own"], guideId: "x.1" }),
        target("2", { guideId: "" }),
      ]),
    ).toEqual(["x.1 <- 0:x.1 1:x.1", undefined])
  })

  it("has ids that are the same in a playlist and in XML", async () => {
    const targets = [target("1", { guideId: ' a "b"\n' }), target("2", { tvgIds: ["a 'b'"], name: "B" })]
    expect(await matched([["a &quot;b&quot;", "b|B"]], targets)).toEqual(["a 'b' <- 0:a \"b\"", "2 <- 0:b"])
  })

  it("gives a mapping to nothing no programmes of another channel", async () => {
    expect(
      await matched([["own|Name"]], [target("1", { name: "Name", tvgIds: ["own"], guideId: "gone" })]),
    ).toEqual([undefined])
  })

  it("shares a block among channels of one tvg-id, with all their groups", async () => {
    const match = matchGuides(await guidesOf(["a"]), [
      target("1", { tvgIds: ["a"], groups: [3, 1] }),
      target("2", { tvgIds: ["a"], groups: [2, 3], icon: "http://i" }),
    ])
    expect(match.blocks).toMatchObject([
      { epgId: "a", channelIds: ["1", "2"], groups: new Set([1, 2, 3]), name: "Channel 1", icon: "http://i" },
    ])
  })

  it("gives shifted channels an id of their own", async () => {
    const shifted = target("2", { tvgIds: ["a"], shiftMinutes: 60 })
    expect(await matched([["a"]], [shifted, target("1", { tvgIds: ["a"] })])).toEqual([
      "2 <- 0:a",
      "a <- 0:a",
    ])
  })

  it("never has two different matches under one id", async () => {
    const guides = [["a", "b", "c|Third"]]
    const targets = [
      target("1", { guideId: "a" }),
      target("2", { guideId: "a", shiftMinutes: -60 }),
      target("3", { tvgIds: ["a"], guideId: "b" }),
      target("4", { tvgIds: ["5"], name: "Third" }),
      target("5", { tvgIds: ["b", "5"], shiftMinutes: 30 }),
      target("6", { tvgIds: ["x"], name: "Third" }),
      target("7", { tvgIds: ["x"], guideId: "a" }),
    ]
    expect(await matched(guides, targets)).toEqual([
      "a <- 0:a",
      "2 <- 0:a",
      "b <- 0:b",
      "5 <- 0:c",
      "5.2 <- 0:b",
      "x <- 0:c",
      "a <- 0:a",
    ])
  })

  it("finds guides by their owners' priority, and nothing of a guide whose parts are lost", async () => {
    const store = new MemoryStore()
    await importTexts(store, { x: xmltv(programme("a", 0, "own")) })
    await importTexts(store, { x: xmltv(programme("a", 0, "acme")) }, { owner: "acme" })
    const order = async (...owners: (string | null)[]) => {
      const { guides, digest, isEmpty } = await loadGuides(store, owners)
      return { owners: guides.map(({ owner }) => owner), digest, isEmpty }
    }
    const [one, two] = [await order(null, "acme"), await order("acme", null)]
    expect([one.owners, two.owners]).toEqual([
      [null, "acme"],
      ["acme", null],
    ])
    expect(one.digest).not.toBe(two.digest)
    for (const key of store.objects.keys()) if (key.startsWith("guides/_/")) store.objects.delete(key)
    expect((await order(null, "acme")).owners).toEqual(["acme"])
    expect(await order()).toMatchObject({ isEmpty: true })
  })

  it("reads guides anew that are replaced while they are read", async () => {
    class ReplacedStore extends MemoryStore {
      replace: (() => Promise<unknown>) | null = null
      override async readBytes(key: string) {
        const replace = this.replace
        this.replace = null
        await replace?.()
        return super.readBytes(key)
      }
    }
    const store = new ReplacedStore()
    const import_ = (id: string) => importTexts(store, { x: xmltv(programme(id, 0, "T")) })
    await import_("old")
    store.replace = async () => {
      await import_("new")
      await import_("newer")
    }
    expect((await loadGuides(store, [null])).channels.map(({ id }) => id)).toEqual(["newer"])
  })
})
