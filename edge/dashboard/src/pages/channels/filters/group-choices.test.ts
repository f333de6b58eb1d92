import { describe, expect, it } from "vitest"
import { groupChoices } from "./group-choices.ts"

const group = (name: string, entries: number, kind: "live" | "movie" = "live") => ({
  name,
  entries,
  kind,
  slug: name.toLowerCase(),
})

describe("the groups to choose from", () => {
  it("have each name once, with what all kinds have of it", () => {
    expect(groupChoices([group("Kids", 3), group("News", 1), group("Kids", 4, "movie")], null)).toEqual([
      { name: "Kids", entries: 7 },
      { name: "News", entries: 1 },
    ])
  })

  it("have the chosen one, though nothing is in it any more", () => {
    expect(groupChoices([group("Kids", 3)], "Gone")).toContainEqual({ name: "Gone", entries: null })
    expect(groupChoices([group("Kids", 3)], "Kids")).toHaveLength(1)
  })
})
