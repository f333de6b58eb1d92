import { expect, it } from "vitest"
import { changeBetween, lightOf } from "./screen.ts"

const black = Buffer.alloc(8, 0)
const half = Buffer.from([0, 0, 0, 0, 200, 200, 200, 200])

it("a black screen has no light, and one colour no spread", () => {
  expect(lightOf(black)).toEqual({ mean: 0, spread: 0 })
  expect(lightOf(half)).toEqual({ mean: 100, spread: 100 })
})

it("what changed is a share of the picture, and noise is no change", () => {
  expect(changeBetween(black, half)).toBe(0.5)
  expect(
    changeBetween(
      half,
      half.map((value) => value + 5),
    ),
  ).toBe(0)
})
