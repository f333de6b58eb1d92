import { expect, it } from "vitest"
import { choicesOf } from "./guide-choices.ts"

it("offers each id once, with the names that it has and the guides that have it", () => {
  const channels = [
    { id: "one.example", names: ["One", "One HD"], source: null, programmes: 1_200 },
    { id: "two.example", names: [], source: "acme", programmes: 3 },
    { id: "one.example", names: ["One"], source: "acme", programmes: 7 },
  ]
  expect(choicesOf({ channels })).toEqual([
    { id: "one.example", words: "One, One HD · own guide: 1,200 programmes · acme: 7 programmes" },
    { id: "two.example", words: "acme: 3 programmes" },
  ])
})
