import { expect, it } from "vitest"
import { nowInWords } from "./now-in-words.ts"

const programme = (start: number, stop: number, title: string) => ({ start, stop, title, description: "" })
const clock = (at: number) => `${at / 1000}`
const programmes = [programme(10, 20, "News"), programme(30, 40, "Film")]

it.each([
  [10_000, "Now until 20: News"],
  [19_999, "Now until 20: News"],
  [20_000, "From 30: Film"],
  [5_000, "From 10: News"],
  [40_000, "The guide has nothing from now on."],
])("at %d says what is on, or what comes next", (now, words) => {
  expect(nowInWords(programmes, now, clock)).toBe(words)
})
