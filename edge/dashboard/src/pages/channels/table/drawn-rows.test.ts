import { describe, expect, it } from "vitest"
import { drawnRows } from "./drawn-rows.ts"

const item = (index: number) => ({ index, start: index * 40, end: (index + 1) * 40 })

describe("the rows that are drawn", () => {
  it("have a gap above them where rows are left out", () => {
    expect(drawnRows([item(0), item(5), item(6)], 400)).toEqual({
      rows: [
        { index: 0, gap: 0 },
        { index: 5, gap: 160 },
        { index: 6, gap: 0 },
      ],
      below: 120,
    })
  })

  it("may be none", () => {
    expect(drawnRows([], 400)).toEqual({ rows: [], below: 400 })
  })
})
