import { describe, expect, it } from "vitest"
import { rowAfterKey } from "./row-keys.ts"

describe("the keys of the table", () => {
  it.each([
    ["ArrowDown", 5, 6],
    ["ArrowDown", 99, 99],
    ["ArrowUp", 5, 4],
    ["ArrowUp", 0, 0],
    ["PageDown", 5, 25],
    ["PageDown", 95, 99],
    ["PageUp", 25, 5],
    ["PageUp", 3, 0],
    ["Home", 50, 0],
    ["End", 50, 99],
    ["Tab", 5, null],
    [" ", 5, null],
  ])("%s in row %i leads to %j", (key, index, next) => {
    expect(rowAfterKey(key, index, 100, 20)).toBe(next)
  })
})
