import { describe, expect, it } from "vitest"
import { inOrder, moved, neighbour } from "./in-order.ts"

describe("an order", () => {
  it("is that of the ids, and what came meanwhile is last", () => {
    const things = ["new", "a", "b", "c"].map((id) => ({ id }))
    expect(inOrder(things, ["c", "a", "b"]).map(({ id }) => id)).toEqual(["c", "a", "b", "new"])
  })

  it.each([
    ["a", "c", "bca"],
    ["c", "a", "cab"],
    ["b", "b", "abc"],
    ["x", "a", "abc"],
    ["a", "x", "abc"],
  ])("with %s dragged to %s is %s", (id, to, after) => {
    expect(moved(["a", "b", "c"], id, to).join("")).toBe(after)
  })

  it("has nothing above the first and below the last", () => {
    const near = (id: string, by: 1 | -1) => neighbour(["a", "b"], id, by)
    expect([near("a", -1), near("a", 1), near("b", -1), near("b", 1), near("x", 1)]).toEqual([
      ...[null, "b", "a", null, null],
    ])
  })
})
