import { log } from "@tributary/shared/log/log"
import { describe, expect, it, vi } from "vitest"
import { HlsCheck } from "../../../infra/e2e/player/check-hls.ts"
import { seededRandom } from "../../../infra/e2e/player/test-support/seeded-random.ts"
import { mediaPlaylist } from "./playlist.ts"
import { SegmentWindow, type SegmentWindowOptions } from "./window.ts"

const logger = log("test", "hls")
const open = (options: Partial<SegmentWindowOptions> = {}) =>
  new SegmentWindow({
    ...{ maxBytes: 1_000_000, firstSequence: 100, firstDiscontinuity: 7, logger },
    ...options,
  })
let startsAt = 1_700_000_000_000
const segment = (seconds: number, { bytes = 1_000, isDiscontinuous = false } = {}) => ({
  data: Buffer.alloc(bytes),
  seconds,
  isDiscontinuous,
  startsAt: startsAt++,
})
const numbers = (window: SegmentWindow) => window.listed.map(({ sequence }) => sequence)

describe("a window of segments", () => {
  it("lists the newest six, and numbers them", () => {
    const window = open()
    for (let count = 0; count < 10; count++) window.push(segment(2), 2)
    expect([window.mediaSequence, numbers(window)]).toEqual([104, [104, 105, 106, 107, 108, 109]])
  })

  it("lists more where segments are short: three target durations are always left", () => {
    const window = open()
    for (let count = 0; count < 60; count++) window.push(segment(0.5), 4)
    const left = window.listed.reduce((sum, { seconds }) => sum + seconds, 0)
    expect([left, window.listed.length]).toEqual([12, 24])
  })

  it("keeps what is not listed any more for as long as players may ask for it, and no longer", () => {
    const window = open()
    for (let count = 0; count < 30; count++) window.push(segment(2), 2)
    // Removed when its list was of 12 s, and it lasts 2 s itself.
    expect(window.segment(window.mediaSequence - 7)).not.toBeNull()
    expect(window.segment(window.mediaSequence - 9)).toBeNull()
    expect(window.segment(130)).toBeNull()
    expect(window.segment(99)).toBeNull()
  })

  it("counts discontinuities once they are not listed", () => {
    const window = open()
    const push = (isDiscontinuous: boolean) => window.push(segment(2, { isDiscontinuous }), 2)
    for (const isDiscontinuous of [false, true, false, true, false, false]) push(isDiscontinuous)
    expect(window.discontinuitySequence).toBe(7)
    push(false)
    expect(window.discontinuitySequence).toBe(7)
    push(false)
    expect(window.discontinuitySequence).toBe(8)
    for (let count = 0; count < 2; count++) push(false)
    expect(window.discontinuitySequence).toBe(9)
  })

  it("lists three target durations, and keeps the rest for players, when bytes are short", () => {
    const window = open({ maxBytes: 6_500 })
    for (let count = 0; count < 30; count++) window.push(segment(2), 2)
    expect(numbers(window)).toEqual([127, 128, 129])
    expect(window.segment(124)).not.toBeNull()
    expect(window.bytes).toBeLessThanOrEqual(6_500)
  })

  it("has fewer than that rather than more bytes, and says so once", () => {
    const warn = vi.spyOn(logger, "warn")
    const window = open({ maxBytes: 2_500 })
    for (let count = 0; count < 10; count++) window.push(segment(2), 2)
    expect(window.listed).toHaveLength(2)
    expect(window.bytes).toBe(2_000)
    expect(warn).toHaveBeenCalledTimes(1)
    warn.mockRestore()
  })

  it("keeps one segment, however large", () => {
    const window = open({ maxBytes: 500 })
    for (let count = 0; count < 3; count++) window.push(segment(2), 2)
    expect(numbers(window)).toEqual([102])
    expect(window.segment(102)?.length).toBe(1_000)
  })
})

describe("the playlists of a window", () => {
  it.each([1, 2, 3, 4, 5])("keep the rules of RFC 8216, whatever comes (seed %d)", (seed) => {
    const random = seededRandom(seed)
    const target = random.pick([2, 3, 6])
    const window = open({ maxBytes: random.pick([1_000_000, 30_000]) })
    const check = new HlsCheck()
    const listedUntil = new Map<number, { at: number; playlist: number }>()
    let at = 0
    let discontinuities = 0
    for (let count = 0; count < 2_000; count++) {
      const seconds = random.between(1, target * 1_000 + 499) / 1_000
      const isDiscontinuous = random.between(0, 9) === 0
      discontinuities += isDiscontinuous ? 1 : 0
      window.push(segment(seconds, { isDiscontinuous, bytes: random.between(1, 1_500) }), target)
      at += seconds
      // Players do not see every version.
      if (random.between(0, 3) === 0) continue
      check.take(mediaPlaylist(window, target, "folder"))
      const playlist = window.listed.reduce((sum, one) => sum + one.seconds, 0)
      for (const { sequence } of window.listed) {
        expect(window.segment(sequence)).not.toBeNull()
        listedUntil.set(sequence, { at, playlist })
      }
    }
    expect(check.faults).toEqual([])
    const listed = window.listed.filter(({ isDiscontinuous }) => isDiscontinuous).length
    expect(window.discontinuitySequence).toBe(7 + discontinuities - listed)
  })
})
