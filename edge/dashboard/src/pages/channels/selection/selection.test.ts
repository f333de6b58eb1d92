import type { ChannelRow } from "@tributary/shared/admin-api/channels"
import { describe, expect, it } from "vitest"
import { add, inListOrder, mostChosen, nothingChosen, rangeTo, toggle } from "./selection.ts"

const row = (id: number) => ({ id: String(id), name: `Channel ${id}` }) as ChannelRow
const rows = (first: number, count: number) => Array.from({ length: count }, (_, at) => row(first + at))

describe("choosing channels", () => {
  it("takes a row, and drops it again", () => {
    const one = toggle(nothingChosen, row(1), 0)
    expect([...one.chosen.keys()]).toEqual(["1"])
    expect(toggle(one, row(1), 0).chosen.size).toBe(0)
    expect(nothingChosen.chosen.size).toBe(0)
  })

  it("has a range begin where a row was chosen last, up or down", () => {
    const one = toggle(nothingChosen, row(8), 7)
    expect(rangeTo(one, 3)).toEqual({ first: 3, last: 7 })
    expect(rangeTo(one, 9)).toEqual({ first: 7, last: 9 })
    expect(rangeTo(nothingChosen, 5)).toEqual({ first: 5, last: 5 })
  })

  it("keeps the order of the list, in whatever order rows are chosen", () => {
    const chosen = add(toggle(nothingChosen, row(20), 19), rows(1, 3), 0)
    expect(inListOrder(chosen).map(({ id }) => id)).toEqual(["1", "2", "3", "20"])
    expect(chosen.anchor).toBe(2)
  })

  it("takes no more than a bulk change can", () => {
    const many = add(nothingChosen, rows(1, mostChosen + 5), 0)
    expect(many.chosen.size).toBe(mostChosen)
    expect(toggle(many, row(9_999), 9_998).chosen.size).toBe(mostChosen)
    expect(toggle(many, row(1), 0).chosen.size).toBe(mostChosen - 1)
  })
})
