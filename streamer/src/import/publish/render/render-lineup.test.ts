import type { Entry } from "@tributary/shared/catalogue/entry"
import { describe, expect, it } from "vitest"
import { entry, readable } from "../test-catalogue.ts"
import { TestEdge } from "../test-edge.ts"

async function lineupsOf(entries: Entry[], ...reimported: Entry[][]) {
  const edge = new TestEdge()
  for (const list of [entries, ...reimported]) {
    await edge.store("a", list)
    await edge.publishAll(["a"])
  }
  const manifest = await edge.current()
  const { live, movie } = manifest.sections
  const rows = (view: typeof live.lineup) =>
    JSON.parse(`[${readable(edge.text(manifest, view))}]`) as Record<string, string>[]
  return {
    all: rows(live.lineup),
    groups: live.groups.map(({ name, lineup }) => [name, rows(lineup).map((row) => row.GuideName)]),
    movies: movie.lineup,
  }
}
const numbered = (name: string, number: string) => entry(name, name, { "tvg-chno": number })

describe("the HDHomeRun lineup", () => {
  it("has each live channel with its number, else its id, and a place for its address", async () => {
    const { all } = await lineupsOf([
      numbered('"One"', "5"),
      numbered("Two", "05"),
      numbered("Three", "5.1"),
      numbered("Four", "five"),
      numbered("Five", "1234567890"),
      entry("Film", "film", {}, { kind: "movie" }),
    ])
    const id = expect.stringMatching(/^\d{9,10}$/)
    expect(Object.fromEntries(all.map(({ GuideName, GuideNumber }) => [GuideName, GuideNumber]))).toEqual({
      ...{ '"One"': "5", Two: id, Three: "5.1" },
      ...{ Four: id, Five: id },
    })
    for (const { URL, GuideNumber = "" } of all) {
      expect(URL).toMatch(/^<stream>\d{9,10}<end>$/)
      if (GuideNumber.length > 8) expect(URL).toBe(`<stream>${GuideNumber}<end>`)
    }
    expect(new Set(all.map(({ GuideNumber }) => GuideNumber)).size).toBe(all.length)
  })

  it("keeps numbers when others come and go", async () => {
    const [before, after] = [
      [entry("One", "1"), entry("Two", "2"), entry("Three", "3")],
      [entry("A first", "0"), entry("Three", "3"), entry("Two", "2b")],
    ]
    const numbers = async (...lists: [Entry[], ...Entry[][]]) =>
      new Map((await lineupsOf(...lists)).all.map(({ GuideName, GuideNumber }) => [GuideName, GuideNumber]))
    const [then, now] = [await numbers(before), await numbers(before, after)]
    for (const name of ["Two", "Three"]) expect(now.get(name)).toBe(then.get(name))
  })

  it("is there for each group, and not for other sections", async () => {
    const grouped = (name: string, groups: string[]) => entry(name, name, {}, { groups })
    const { groups, movies } = await lineupsOf([
      grouped("One", ["News", "World"]),
      grouped("Two", ["News"]),
      { ...grouped("Film", ["News"]), kind: "movie" },
    ])
    expect(groups).toEqual([
      ["News", ["One", "Two"]],
      ["World", ["One"]],
    ])
    expect(movies).toEqual([])
  })
})
