import { describe, expect, it } from "vitest"
import { hasPcr, pcr27MHz } from "./packet.ts"
import { indexesOf } from "./test-support/break-packets.ts"
import { checkPackets, makeSubject, nth } from "./test-support/check-whole.ts"
import { shiftTimes } from "./test-support/shift-times.ts"

const { packets, good, keyframes } = await makeSubject()
const WRAP = 2 ** 33

describe("clocks and timestamps", () => {
  const jump = (ticks90kHz: number, what: "pcr" | "timestamps" | "both", announced: boolean) =>
    checkPackets(shiftTimes(packets, { from: nth(keyframes, 2), ticks90kHz, what, announced }))

  it("counts a jump of the PCR alone", () => {
    expect(jump(90_000 * 5, "pcr", false)).toMatchObject({ pcrJumps: 1, ptsJumps: 0, discontinuities: 0 })
    expect(jump(-90_000 * 0.5, "pcr", false)).toMatchObject({ pcrJumps: 1 })
    expect(jump(90_000 * 0.5, "pcr", false)).toMatchObject({ pcrJumps: 0 })
  })

  it("counts a jump of timestamps alone, per kind", () => {
    const forward = jump(90_000 * 60, "timestamps", false)
    expect(forward).toMatchObject({ pcrJumps: 0, ptsJumps: 1, unannouncedPtsJumps: 1, audioPtsJumps: 1 })
    expect(forward).toMatchObject({ unannouncedAudioPtsJumps: 1, dtsBackwards: 0 })
    expect(jump(-90_000 * 2, "timestamps", false)).toMatchObject({
      ptsJumps: 1,
      audioPtsJumps: 1,
      dtsBackwards: 1,
    })
    expect(jump(-90_000 * 0.5, "timestamps", false)).toMatchObject({ ptsJumps: 0, dtsBackwards: 1 })
    expect(jump(90_000 * 5, "timestamps", false)).toMatchObject({ ptsJumps: 0, dtsBackwards: 0 })
  })

  it("takes a new time base that is announced at a keyframe", () => {
    const report = jump(90_000 * 3600, "both", true)
    expect(report).toMatchObject({ pcrJumps: 0, ptsJumps: 1, audioPtsJumps: 1, discontinuities: 1 })
    expect(report).toMatchObject({
      unannouncedPtsJumps: 0,
      unannouncedAudioPtsJumps: 0,
      splicesOffKeyframe: 0,
    })
  })

  it("takes decoding times that step back into an announced time base", () => {
    expect(jump(-90_000 * 0.5, "both", true)).toMatchObject({ pcrJumps: 0, dtsBackwards: 0 })
    expect(jump(-90_000 * 0.5, "both", false)).toMatchObject({ pcrJumps: 1, dtsBackwards: 1 })
  })

  it("tells a new time base that is not announced", () => {
    const report = jump(-90_000 * 2, "both", false)
    expect(report).toMatchObject({ pcrJumps: 1, unannouncedPtsJumps: 1, unannouncedAudioPtsJumps: 1 })
  })

  it("leaves a jump out of the media time", () => {
    const at = nth(keyframes, 2)
    const before = nth(indexesOf(packets.slice(0, at), hasPcr), -1)
    const step = (pcr27MHz(nth(packets, at)) - pcr27MHz(nth(packets, before))) / 27_000_000
    expect(jump(90_000 * 3600, "both", false).mediaSeconds).toBeCloseTo(good.mediaSeconds - step, 5)
  })

  it("takes the wrap at 2^33 for no jump", () => {
    const report = checkPackets(
      shiftTimes(packets, { from: 0, ticks90kHz: WRAP - 90_000 * (1.4 + 2), what: "both" }),
    )
    expect(report).toEqual(good)
  })

  it("counts a jump over the wrap", () => {
    const near = shiftTimes(packets, { from: 0, ticks90kHz: WRAP - 90_000 * (1.4 + 2), what: "both" })
    const report = checkPackets(
      shiftTimes(near, { from: nth(keyframes, 1), ticks90kHz: 90_000 * 20, what: "both" }),
    )
    expect(report).toMatchObject({ pcrJumps: 1, ptsJumps: 1, audioPtsJumps: 1 })
  })
})
