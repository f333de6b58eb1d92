import fc from "fast-check"
import { describe, expect, it } from "vitest"
import { assignChannelIds, hash32 } from "./channel-id.ts"

fc.configureGlobal({ seed: 20_261_003 })

const keyLists = fc.uniqueArray(fc.string(), { maxLength: 50 })

/** Two keys whose ids are the same when each is alone, found by trying. */
function collidingKeys(): [string, string] {
  const seen = new Map<string, string>()
  for (let number = 0; ; number++) {
    const key = `channel ${number}`
    const id = idOf(key)
    const other = seen.get(id)
    if (other !== undefined) return [other, key]
    seen.set(id, key)
  }
}

const idOf = (key: string) => assignChannelIds([key]).get(key) ?? ""

describe("hash32", () => {
  it("is fixed: ids in players' favourites depend on it", () => {
    expect(["", "a", "das erste", "日本"].map(hash32)).toEqual([
      2_872_998_923, 444_641_715, 648_392_552, 4_026_831_135,
    ])
  })

  it("spreads: of 2^16 similar keys few meet in 2^16 buckets", () => {
    const buckets = new Set<number>()
    for (let number = 0; number < 65_536; number++) buckets.add(hash32(`channel ${number}`) & 0xffff)
    // Chance alone fills 1 - 1/e of them.
    expect(buckets.size / 65_536).toBeCloseTo(0.632, 1)
  })
})

describe("assignChannelIds", () => {
  it("gives every key an id of its own, of nine or ten digits, below 2^31", () => {
    fc.assert(
      fc.property(keyLists, (keys) => {
        const ids = assignChannelIds(keys)
        expect(new Set(ids.keys())).toEqual(new Set(keys))
        expect(new Set(ids.values()).size).toBe(keys.length)
        for (const id of ids.values()) {
          expect(id).toMatch(/^[1-9]\d{8,9}$/)
          expect(Number(id)).toBeLessThan(2 ** 31)
        }
      }),
    )
  })

  it("does not depend on the keys' order, nor on a key that comes twice", () => {
    const shuffled = keyLists.chain((keys) =>
      fc.tuple(fc.constant(keys), fc.shuffledSubarray(keys, { minLength: keys.length })),
    )
    fc.assert(
      fc.property(shuffled, ([keys, other]) => {
        const ids = assignChannelIds(keys)
        expect(new Map(assignChannelIds([...other, ...keys]))).toEqual(ids)
      }),
    )
  })

  it("gives a key the same id whatever else is there", () => {
    fc.assert(
      fc.property(keyLists, fc.string(), (keys, key) => {
        expect(assignChannelIds([...keys, key]).get(key)).toBe(idOf(key))
      }),
    )
  })

  it("keeps ids that were given earlier, and gives them to nobody else", () => {
    fc.assert(
      fc.property(keyLists, keyLists, (before, after) => {
        // As if the earlier ids came from another hash: everybody has the next one's.
        const values = before.map(idOf)
        const known = new Map(before.map((key, index) => [key, values[(index + 1) % values.length] ?? ""]))
        const ids = assignChannelIds(after, known)
        for (const key of after) if (known.has(key)) expect(ids.get(key)).toBe(known.get(key))
        for (const key of after) if (!known.has(key)) expect([...known.values()]).not.toContain(ids.get(key))
        expect(new Set(ids.values()).size).toBe(after.length)
      }),
    )
  })

  describe("of keys that collide", () => {
    const [one, other] = collidingKeys()
    const [first, second] = one < other ? [one, other] : [other, one]

    it("gives the first in their order its own id and the second the next free one, in any order", () => {
      for (const keys of [
        [first, second],
        [second, first],
      ]) {
        const ids = assignChannelIds(keys)
        expect(ids.get(first)).toBe(idOf(first))
        expect(ids.get(second)).toBe(String(Number(idOf(first)) + 1))
      }
    })

    it("leaves a known id where it is when a key comes that would be first", () => {
      const ids = assignChannelIds([first, second], new Map([[second, idOf(second)]]))
      expect(ids.get(second)).toBe(idOf(second))
      expect(ids.get(first)).toBe(String(Number(idOf(second)) + 1))
    })

    it("probes over ids that are known", () => {
      const key = "zdf"
      const taken = new Map<string, string>()
      for (let step = 0; step < 5; step++) taken.set(`taken ${step}`, String(Number(idOf(key)) + step))
      expect(assignChannelIds([key], taken).get(key)).toBe(String(Number(idOf(key)) + 5))
    })
  })
})
