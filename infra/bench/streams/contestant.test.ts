import { expect, it } from "vitest"
import { type Heat, isFull } from "./contestant.ts"

const heat = (changes: Partial<Heat>, min = 8) =>
  ({
    ...{
      closed: 0,
      non200: 0,
      silent: 0,
      wantedMegabitsPerSecond: 8,
      megabitsPerSecond: { min, p50: 8, max: 8 },
    },
    ...changes,
  }) as Heat

it("a heat is full when nobody was lost and the slowest viewer got the channel's rate", () => {
  expect(isFull(heat({}))).toBe(true)
  expect(isFull(heat({}, 7.7))).toBe(true)
  expect(isFull(heat({}, 7.5))).toBe(false)
  expect(isFull(heat({ closed: 1 }))).toBe(false)
  expect(isFull(heat({ non200: 1 }))).toBe(false)
  expect(isFull(heat({ silent: 1 }))).toBe(false)
})
