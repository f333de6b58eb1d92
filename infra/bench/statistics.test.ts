import { expect, it } from "vitest"
import { median, quantile } from "./statistics.ts"

it("the median is the value in the middle, by size", () => {
  expect(median([10, 9, 100])).toBe(10)
  expect(median([4, 1, 3, 2])).toBe(2.5)
  expect(median([])).toBeNaN()
})

it("a quantile lies between its neighbours", () => {
  const values = [50, 10, 30, 20, 40]
  expect([0, 0.25, 0.9, 1].map((share) => quantile(values, share))).toEqual([10, 20, 46, 50])
})
