import type { ChannelEdit } from "@tributary/shared/catalogue/edit"
import { describe, expect, it } from "vitest"
import { catalogueOf, entry, groupsOf, listed } from "../test-catalogue.ts"

const sources = {
  a: [
    entry("One", "a1", { "tvg-id": "one", "group-title": "News", x: "y" }, { groups: ["News"] }),
    entry("One", "a1b"),
    entry("Two", "a2", { "tvg-logo": "" }, { logo: "{server}/two.png", groups: ["News"] }),
    entry("Three", "a3"),
  ],
  b: [entry("One", "b1"), entry("Two", "b2")],
}
const plain = listed(catalogueOf(sources))
const channel = (name: string) => {
  const found = plain.find((one) => one.name === name)
  if (found === undefined) throw new Error(`no channel ${name}`)
  return found
}
const idOf = (name: string) => channel(name).id
const feedOf = (name: string, at: string) => channel(name).feeds.find((feed) => feed.at === at)?.id ?? ""
const edited = (
  edits: Record<string, ChannelEdit>,
  from: typeof sources | Record<string, never> = sources,
) => {
  const byId = Object.fromEntries(
    Object.entries(edits).map(([name, edit]) => [/^\d+$/.test(name) ? name : idOf(name), edit]),
  )
  return catalogueOf(from, { edits: byId })
}
const summary = (catalogue: ReturnType<typeof catalogueOf>) =>
  Object.fromEntries(listed(catalogue).map(({ name, feeds }) => [name, feeds.map(({ at }) => at)]))

describe("a user's edit", () => {
  it("renames, numbers and moves a channel, and leaves its id and its other attributes", () => {
    const catalogue = edited({ One: { name: 'The "One"', number: 7, groups: ["Mine", "Ours"] } })
    const one = listed(catalogue).find(({ id }) => id === idOf("One"))
    expect(one?.name).toBe('The "One"')
    expect(one?.attributes).toEqual([
      ["tvg-id", "one"],
      ["group-title", "Mine;Ours"],
      ["x", "y"],
      ["tvg-name", "The 'One'"],
      ["tvg-chno", "7"],
    ])
    expect(one?.feeds).toEqual(channel("One").feeds)
    expect(groupsOf(catalogue)).toEqual({ Mine: ['The "One"'], Ours: ['The "One"'], News: ["Two"] })
  })

  it("puts a logo in place of the provider's", () => {
    const two = listed(edited({ Two: { logo: "http://mine.test/two.png" } })).find(
      ({ name }) => name === "Two",
    )
    expect(two?.attributes).toEqual([["tvg-logo", "http://mine.test/two.png"]])
    expect(two?.logo).toBe("")
    const numbered = listed(edited({ Two: { number: 2 } })).find(({ name }) => name === "Two")
    expect(numbered).toMatchObject({ logo: "{server}/two.png", logoSource: "a" })
  })

  it("hides a channel", () => {
    expect(summary(edited({ Two: { hidden: true }, One: { hidden: false } }))).toEqual({
      One: ["a1", "a1b", "b1"],
      Three: ["a3"],
    })
  })

  it("pins feeds in front, whatever else there is, and changes nothing that is shown", () => {
    const feeds = [feedOf("One", "b1"), "gone", feedOf("One", "a1b")]
    const catalogue = edited({ One: { feeds } })
    expect(summary(catalogue).One).toEqual(["b1", "a1b", "a1"])
    expect(listed(catalogue).find(({ name }) => name === "One")?.attributes).toEqual(
      channel("One").attributes,
    )
  })

  it("merges channels: their feeds follow, and they are none of their own any more", () => {
    expect(summary(edited({ Three: { merge: [idOf("One"), "999999999"] } }))).toEqual({
      Three: ["a3", "a1", "a1b", "b1"],
      Two: ["a2", "b2"],
    })
    // A feed of a merged channel can be pinned as any other.
    const pinned = edited({ Three: { merge: [idOf("One")], feeds: [feedOf("One", "b1")] } })
    expect(summary(pinned).Three).toEqual(["b1", "a3", "a1", "a1b"])
  })

  it("keeps a channel that is merged with itself, in a circle, or twice", () => {
    expect(summary(edited({ Three: { merge: [idOf("Three")] } })).Three).toEqual(["a3"])
    const circle = summary(edited({ One: { merge: [idOf("Two")] }, Two: { merge: [idOf("One")] } }))
    expect(Object.values(circle).flat().toSorted()).toEqual(["a1", "a1b", "a2", "a3", "b1", "b2"])
    const twice = summary(edited({ One: { merge: [idOf("Three")] }, Two: { merge: [idOf("Three")] } }))
    expect(Object.values(twice).flat().toSorted()).toEqual(["a1", "a1b", "a2", "a3", "b1", "b2"])
  })

  it("splits feeds off: each is a channel with an id of its own, which can be edited in its turn", () => {
    const split = [feedOf("One", "a1b"), "gone"]
    const first = listed(edited({ One: { split } }))
    const feeds = new Set(first.map((one) => one.feeds.map(({ at }) => at).join(" ")))
    expect(feeds).toEqual(new Set(["a1 b1", "a1b", "a2 b2", "a3"]))
    const own = first.find(({ feeds }) => feeds[0]?.at === "a1b" && feeds.length === 1)
    expect(own?.name).toBe("One")
    expect(own?.id).not.toBe(idOf("One"))
    const renamed = edited({ One: { split }, [own?.id ?? ""]: { name: "One, the other" } })
    expect(summary(renamed)).toMatchObject({ One: ["a1", "b1"], "One, the other": ["a1b"] })
  })

  it("never splits the last feed off", () => {
    const split = ["a1", "a1b", "b1"].map((at) => feedOf("One", at))
    const all = listed(edited({ One: { split } })).filter(({ name }) => name === "One")
    expect(all.map(({ feeds }) => feeds.length)).toEqual([1, 1, 1])
    expect(all.some(({ id }) => id === idOf("One"))).toBe(true)
  })

  it("outlives its channel, and is in force when that comes back", () => {
    const without = { ...sources, a: sources.a.filter(({ name }) => name !== "Three") }
    expect(summary(edited({ Three: { name: "Drei" } }, without))).not.toHaveProperty("Drei")
    expect(summary(edited({ Three: { name: "Drei" } }))).toHaveProperty("Drei")
  })

  it("gives the channel under a new name the place that the name has", () => {
    expect(listed(edited({ Three: { name: "Aaa" } })).map(({ name }) => name)).toEqual(["Aaa", "One", "Two"])
  })

  it("is nothing when all of it is null", () => {
    const nothing = {
      name: null,
      hidden: null,
      number: null,
      groups: null,
      logo: null,
      feeds: null,
      merge: null,
      split: null,
    }
    expect(listed(edited({ One: nothing, Two: {} }))).toEqual(plain)
  })

  it("can be made of very many channels at once", () => {
    const many = { a: Array.from({ length: 20_000 }, (_, at) => entry(`N ${at}`, `u${at}`)) }
    const edits = Object.fromEntries(
      listed(catalogueOf(many)).map(({ id, name }) => [id, { name: `New ${name}` }]),
    )
    const channels = listed(catalogueOf(many, { edits }))
    expect(channels.every(({ name }, at) => name === `New N ${at}`)).toBe(true)
  })
})
