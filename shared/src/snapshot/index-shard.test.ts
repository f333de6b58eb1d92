import fc from "fast-check"
import { describe, expect, it } from "vitest"
import { shardCount, shardOfId, shardOfName } from "./index-shard.ts"

fc.configureGlobal({ seed: 20_261_003 })

describe("index shards", () => {
  it("are some 24 KB each, and at least one", () => {
    expect([0, 1, 24_576, 24_577, 24 * 1024 * 1024].map(shardCount)).toEqual([1, 1, 1, 2, 1024])
  })

  it("are found from an id or a name, always in range and always the same", () => {
    fc.assert(
      fc.property(fc.string(), fc.integer({ min: 1, max: 5000 }), (text, count) => {
        for (const shardOf of [shardOfId, shardOfName]) {
          const shard = shardOf(text, count)
          expect(Number.isInteger(shard) && shard >= 0 && shard < count).toBe(true)
          expect(shardOf(text, count)).toBe(shard)
        }
      }),
    )
  })

  it("are filled evenly by ids and by names", () => {
    for (const shardOf of [shardOfId, shardOfName]) {
      const sizes = new Array<number>(64).fill(0)
      for (let number = 0; number < 64_000; number++) {
        const shard = shardOf(String(100_000_000 + number), 64)
        sizes[shard] = (sizes[shard] ?? 0) + 1
      }
      expect(Math.max(...sizes)).toBeLessThan(1200)
      expect(Math.min(...sizes)).toBeGreaterThan(800)
    }
  })

  it("do not put a name where an id of the same digits is, as a rule", () => {
    const same = Array.from({ length: 1000 }, (_, id) => String(id)).filter(
      (text) => shardOfId(text, 1000) === shardOfName(text, 1000),
    )
    expect(same.length).toBeLessThan(20)
  })
})
