import type { ChannelRow } from "@tributary/shared/admin-api/channels"
import { describe, expect, it } from "vitest"
import { collectRows } from "./collect-rows.ts"

const list = Array.from({ length: 1_234 }, (_, at) => ({ id: String(at) }) as ChannelRow)
const asked: [number, number][] = []
const fetchPart = (offset: number, limit: number) => {
  asked.push([offset, limit])
  return Promise.resolve({ total: list.length, offset, limit, channels: list.slice(offset, offset + limit) })
}

describe("the rows of a long list", () => {
  it("are fetched part by part until the list ends", async () => {
    asked.length = 0
    const counts: number[] = []
    expect(await collectRows(fetchPart, 0, 5_000, (count) => counts.push(count))).toEqual(list)
    expect(asked).toEqual([
      [0, 500],
      [500, 500],
      [1_000, 500],
    ])
    expect(counts).toEqual([500, 1_000, 1_234])
  })

  it("are no more than asked for", async () => {
    asked.length = 0
    expect(await collectRows(fetchPart, 100, 600)).toEqual(list.slice(100, 700))
    expect(asked).toEqual([
      [100, 500],
      [600, 100],
    ])
    expect(await collectRows(fetchPart, 0, 0)).toEqual([])
  })
})
