import { expect, it } from "vitest"
import { feedsInWords } from "./feeds-in-words.ts"

it.each([
  [[], "0"],
  [["acme"], "1 · acme"],
  [["acme", "beta", "acme"], "3 · acme, beta"],
])("feeds of %j are told as %s", (sources, words) => {
  expect(feedsInWords(sources.map((source) => ({ source })))).toBe(words)
})
