import { describe, expect, it } from "vitest"
import { join } from "../../../infra/e2e/player/test-support/break-packets.ts"
import { BufferBudget } from "../fan-out/buffer-budget.ts"
import { Frame } from "../fan-out/frame.ts"
import { ticksBetween } from "../mpegts/clock.ts"
import { h264, tinyFeed } from "../mpegts/splice/tiny-feed-fixture.ts"
import { firstPicture } from "./first-picture.ts"
import { RecentPackets } from "./recent-packets.ts"

const second = 90_000
const start = 900_000
/** Groups of one second, each behind two packets of tables and a clock. */
const packets = tinyFeed({ streams: [{ pid: 0x100, type: h264 }], frames: 25 * 40, group: 25 })
const groupPackets = packets.length / 40

function recent({ maxBytes = 1_000_000, budgetBytes = Number.POSITIVE_INFINITY } = {}) {
  let seconds = 0
  const budget = new BufferBudget(() => budgetBytes)
  const kept = new RecentPackets({ maxBytes, budget, now: () => seconds * 1_000 })
  kept.start([])
  return {
    ...{ kept, budget },
    /** In chunks that do not end where groups do. */
    play(until: number) {
      for (; seconds < until; seconds++) {
        const from = seconds * groupPackets
        for (const [one, other] of [
          [0, 40],
          [40, groupPackets],
        ] as const) {
          const chunk = join(packets.slice(from + one, from + other))
          kept.write(new Frame([chunk]))
          chunk.fill(0)
        }
      }
    },
    /** Seconds of the stream that it begins with. */
    beginsAt: () => {
      const opening = kept.opening()
      return opening === null ? null : ticksBetween(start, firstPicture(opening) ?? 0) / second
    },
  }
}

describe("what is kept of a live stream", () => {
  it("is all of it at first, and then nine seconds, from a keyframe on", () => {
    const { play, beginsAt } = recent()
    expect(beginsAt()).toBeNull()
    play(5)
    expect(beginsAt()).toBe(0)
    play(30)
    expect(beginsAt()).toBe(20)
  })

  it("goes up to now", () => {
    const { kept, play } = recent()
    play(30)
    const [tables = Buffer.alloc(0), ...rest] = kept.opening() ?? []
    expect(tables.length).toBe(2 * 188)
    expect(Buffer.concat(rest).equals(join(packets.slice(20 * groupPackets + 3, 30 * groupPackets)))).toBe(
      true,
    )
  })

  it("is less where it has too many bytes, and counts with all other buffers until it is closed", () => {
    const { kept, budget, play, beginsAt } = recent({ maxBytes: 3.5 * groupPackets * 188 })
    play(30)
    expect(beginsAt()).toBe(27)
    expect(budget.bytes).toBeGreaterThan(2.9 * groupPackets * 188)
    kept.close()
    expect([budget.bytes, kept.opening()]).toEqual([0, null])
  })

  it("is given up where all memory is used, and begins again with the next keyframe", () => {
    const { kept, play, beginsAt } = recent()
    play(10)
    expect(kept.giveUpOpening()).toBe(0)
    expect(beginsAt()).toBeNull()
    play(12)
    expect(beginsAt()).toBe(10)
  })
})
