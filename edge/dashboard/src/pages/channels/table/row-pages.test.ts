import { describe, expect, it } from "vitest"
import { pageSize, pagesOf, placeOf } from "./row-pages.ts"

describe("the pages of rows", () => {
  it.each([
    [0, 0, [0]],
    [0, pageSize - 1, [0]],
    [pageSize - 1, pageSize, [0, 1]],
    [2 * pageSize, 2 * pageSize + 40, [2]],
    [0, -1, [0]],
  ])("from %i to %i are %j", (first, last, pages) => {
    expect(pagesOf(first, last)).toEqual(pages)
  })

  it("have each row at one place", () => {
    expect(placeOf(2 * pageSize + 3)).toEqual({ page: 2, at: 3 })
  })
})
