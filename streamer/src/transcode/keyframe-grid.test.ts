import { expect, it } from "vitest"
import { KeyframeGrid } from "./keyframe-grid.ts"

const second = 90_000

it("has a place at the first time that is asked for, and each two seconds before and after", () => {
  const grid = new KeyframeGrid()
  expect(grid.phaseAt(1_000.5 * second)).toBe(0)
  expect(grid.phaseAt(1_003 * second)).toBe(0.5)
  expect(grid.phaseAt(1_000 * second)).toBe(1.5)
  expect(grid.phaseAt(1_002.5 * second)).toBe(0)
})

it("goes on through the end of the clock", () => {
  const grid = new KeyframeGrid()
  grid.phaseAt(2 ** 33 - second)
  expect(grid.phaseAt(second / 2)).toBe(1.5)
  expect(grid.phaseAt(second)).toBe(0)
})
