import fc from "fast-check"
import { describe, expect, it } from "vitest"
import { mergeProgrammes } from "./merge-programmes.ts"
import { recordHeadBytes, startOf, stopOf, writeRecordHead } from "./record.ts"

fc.configureGlobal({ seed: 20_261_121 })

const places = { titleStart: 0, titleEnd: 0, descriptionStart: 0, descriptionEnd: 0, language: "" }

/** Records of programmes that follow each other: from a start, so long each, with gaps. */
function guide(start: number, lengths: readonly [gap: number, length: number][]) {
  const records = Buffer.alloc(lengths.length * recordHeadBytes)
  let time = start
  lengths.forEach(([gap, length], index) => {
    writeRecordHead(
      records,
      index * recordHeadBytes,
      { start: time + gap, stop: time + gap + length },
      0,
      places,
    )
    time += gap + length
  })
  return { records, until: time }
}

describe("one channel's programmes out of several guides", () => {
  const some = fc.array(fc.tuple(fc.nat(20), fc.integer({ min: 1, max: 30 })), {
    minLength: 1,
    maxLength: 12,
  })
  const anyGuide = fc
    .tuple(fc.integer({ min: 1, max: 400 }), some)
    .map(([start, lengths]) => guide(start, lengths))

  it("never overlap, are in order, and hold the first current guide whole", () => {
    fc.assert(
      fc.property(fc.array(anyGuide, { minLength: 1, maxLength: 5 }), fc.nat(500), (guides, now) => {
        const merged = mergeProgrammes(guides, now)
        for (const [index, { records, at }] of merged.entries()) {
          const before = merged[index - 1]
          if (before !== undefined)
            expect(stopOf(before.records, before.at)).toBeLessThanOrEqual(startOf(records, at))
        }
        const main = guides.find(({ until }) => until > now) ?? guides[0]
        expect(merged.filter(({ records }) => records === main?.records)).toHaveLength(
          (main?.records.length ?? 0) / recordHeadBytes,
        )
        // What any guide has beyond all others is there.
        expect(Math.max(...merged.map(({ records, at }) => stopOf(records, at)))).toBeGreaterThanOrEqual(
          main?.until ?? 0,
        )
      }),
      { numRuns: 1000 },
    )
  })

  it("are none of no guide", () => {
    expect(mergeProgrammes([], 0)).toEqual([])
  })
})
