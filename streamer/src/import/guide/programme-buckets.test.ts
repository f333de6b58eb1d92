import { describe, expect, it } from "vitest"
import { ProgrammeBuckets } from "./programme-buckets.ts"
import { startOf } from "./record.ts"
import { ScratchBytes } from "./scratch-bytes.ts"
import { Spool } from "./spool.ts"

const places = { titleStart: 0, titleEnd: 0, descriptionStart: 0, descriptionEnd: 0, language: "" }

describe("buckets of programmes", () => {
  it("give back what they got by channel, in the order it came, and refuse what is too much", () => {
    const spool = new Spool()
    try {
      const buckets = new ProgrammeBuckets(spool, 150_000)
      const body = new ScratchBytes(10)
      body.text("x".repeat(900))
      // A record is larger than what a bucket holds in memory, and most come by way of the file.
      for (let start = 1; start <= 300; start++) {
        body.length = start === 5 ? 0 : 900
        if (start === 7) body.text("y".repeat(50_000))
        buckets.add(start % 2, start % 3, { start, stop: start + 1 }, body, places)
      }
      for (const number of [0, 1]) {
        const { records, byChannel } = buckets.take(number)
        const starts = [0, 1, 2].map((channel) =>
          byChannel.get(channel)?.map((place) => startOf(records, place)),
        )
        for (const [channel, own] of starts.entries()) {
          expect(own?.every((start) => start % 3 === channel && start % 2 === number)).toBe(true)
          expect(own).toEqual(own?.toSorted((a, b) => a - b))
        }
        expect(records.length).toBeLessThanOrEqual(150_000)
        expect(starts.flat()).toHaveLength(number === 0 ? 150 : 150 - buckets.refused)
      }
      expect(buckets.refused).toBeGreaterThan(0)
    } finally {
      spool.close()
    }
  })
})
