import { hash32 } from "@tributary/shared/catalogue/channel-id"
import { describe, expect, it } from "vitest"
import { seededRandom } from "../../test-inputs.ts"
import { catalogueOf, entry, listed } from "../test-catalogue.ts"
import { ChannelRegistry, keptDays } from "./channel-registry.ts"

const span = 2 ** 31 - 100_000_000

/** Ids by name of one publication, and what the next one remembers. */
function publication(names: string[], memory: Buffer | null, today: number) {
  const registry = memory === null ? ChannelRegistry.empty() : ChannelRegistry.read(memory)
  const catalogue = catalogueOf({ a: names.map((name) => entry(name, name)) }, { registry, today })
  const ids = new Map(listed(catalogue).map(({ id, name }) => [name, id]))
  return { ids, memory: catalogue.next() }
}

/** Names whose ids would be the same: found by trying. */
function colliding(): [string, string] {
  const seen = new Map<number, string>()
  for (let at = 0; ; at++) {
    const name = `c${at.toString(36)}`
    const id = hash32(name) % span
    const other = seen.get(id)
    if (other !== undefined) return [other, name]
    seen.set(id, name)
  }
}
const [one, two] = colliding()

describe("the memory of channel ids", () => {
  it("lets neither of two channels that hash alike take the other's id, whoever comes first", () => {
    const both = publication([one, two], null, 1).ids
    expect(both.get(one)).not.toBe(both.get(two))
    expect(publication([two, one], null, 1).ids).toEqual(both)
    for (const [first, second] of [
      [one, two],
      [two, one],
    ] as const) {
      const alone = publication([first], null, 1)
      const later = publication([second, first], alone.memory, 2)
      expect(later.ids.get(first)).toBe(alone.ids.get(first))
      expect(later.ids.get(second)).not.toBe(alone.ids.get(first))
    }
  })

  it("keeps the id of a channel that vanished for thirty days, and then gives it away", () => {
    const before = publication([one, "other"], null, 100)
    const gone = publication(["other"], before.memory, 101)
    const kept = publication(["other", two], gone.memory, 101 + keptDays)
    expect(kept.ids.get(two)).not.toBe(before.ids.get(one))
    expect(publication(["other", one], gone.memory, 101 + keptDays).ids.get(one)).toBe(before.ids.get(one))
    const late = publication(["other", two], gone.memory, 102 + keptDays)
    expect(late.ids.get(two)).toBe(before.ids.get(one))
  })

  it("counts the thirty days from when the channel vanished, over any number of publications", () => {
    let { memory, ids } = publication([one, "other"], null, 100)
    for (let day = 101; day <= 101 + keptDays; day += 3) memory = publication(["other"], memory, day).memory
    expect(publication([one], memory, 100 + keptDays).ids.get(one)).toBe(ids.get(one))
    memory = publication(["other"], memory, 102 + keptDays).memory
    expect(publication([two], memory, 102 + keptDays).ids.get(two)).toBe(ids.get(one))
  })

  it("gives every channel one id for good, over a hundred random publications", () => {
    const random = seededRandom(5)
    const all = [one, two, ...Array.from({ length: 300 }, (_, at) => `Channel ${at}`)]
    const known = new Map<string, string>()
    let memory: Buffer | null = null
    for (let day = 0; day < 100; day++) {
      const names = all.filter(() => random.below(10) > 2)
      // Nobody is away for thirty days: the seed decides.
      const next: ReturnType<typeof publication> = publication(names, memory, Math.floor(day / 8))
      memory = next.memory
      expect(new Set(next.ids.values()).size).toBe(names.length)
      for (const [name, id] of next.ids) {
        expect(id).toMatch(/^[1-9]\d{8,9}$/)
        expect(known.get(name) ?? id).toBe(id)
        known.set(name, id)
      }
    }
  })
})
