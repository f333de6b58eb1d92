import { describe, expect, it } from "vitest"
import { IdSet } from "./id-set.ts"

describe("IdSet", () => {
  it("tells new ids from known ones, the smallest and largest included", () => {
    const ids = new IdSet()
    for (const id of [0, 1, 100_000_000, 2 ** 31 - 1, 2 ** 31]) {
      expect(ids.add(id)).toBe(true)
      expect(ids.add(id)).toBe(false)
    }
  })

  it("does so while it grows", () => {
    const ids = new IdSet()
    const idOf = (number: number) => 100_000_000 + ((number * 7_919) % 2_000_000_000)
    for (let number = 0; number < 50_000; number++) expect(ids.add(idOf(number))).toBe(true)
    for (let number = 0; number < 50_000; number++) expect(ids.add(idOf(number))).toBe(false)
  })
})
