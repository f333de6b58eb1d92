import { describe, expect, it } from "vitest"
import { BitrateWatch } from "./bitrate-watch.ts"

/** A watch that saw these bytes in each second, up to now. */
function seen(perSecond: readonly number[], isSegmented = false) {
  const watch = new BitrateWatch(0, { isSegmented })
  perSecond.forEach((bytes, second) => {
    watch.add(bytes, second * 1000 + 500)
  })
  return { watch, now: perSecond.length * 1000 }
}
const seconds = (count: number, bytes: number) => Array<number>(count).fill(bytes)

describe("a bitrate", () => {
  it("is that of the last ten seconds", () => {
    const { watch, now } = seen([...seconds(20, 1000), ...seconds(10, 250)])
    expect(watch.bitsPerSecond(now)).toBe(2000)
    expect(watch.bytes).toBe(22_500)
  })

  it("is known from the first bytes on", () => {
    const { watch } = seen([125])
    expect(watch.bitsPerSecond(600)).toBe(1000)
  })

  it("falls to nothing when nothing comes", () => {
    const { watch, now } = seen(seconds(20, 1000))
    expect(watch.bitsPerSecond(now + 10_000)).toBe(0)
    expect(watch.bitsPerSecond(now + 1e9)).toBe(0)
  })
})

describe("a bitrate's collapse", () => {
  it.each([
    ["a tenth of it is left", seconds(10, 101), false],
    ["less than a tenth is left", seconds(10, 99), true],
    ["it is not yet ten seconds ago", seconds(9, 0), false],
    ["one burst keeps the average up", [...seconds(9, 0), 1200], false],
  ])("when %s: judged right", (_, tail, expected) => {
    const { watch, now } = seen([...seconds(30, 1000), ...tail])
    expect(watch.hasCollapsed(now)).toBe(expected)
  })

  it("is not seen in the first twenty seconds, which may be a burst and a rest", () => {
    const { watch, now } = seen([100_000, ...seconds(18, 0)])
    expect(watch.hasCollapsed(now)).toBe(false)
  })

  it("needs thirty seconds where bytes come in segments", () => {
    const pauses = Array.from({ length: 90 }, (_, second) => (second % 12 === 0 ? 12_000 : 0))
    const { watch, now } = seen(pauses, true)
    expect(watch.hasCollapsed(now)).toBe(false)
    expect(watch.hasCollapsed(now + 20_000)).toBe(false)
    expect(watch.hasCollapsed(now + 40_000)).toBe(true)
  })
})
