import { describe, expect, it } from "vitest"
import { createStreamChecker } from "./check-stream.ts"
import { hasPcr, pcr27MHz } from "./packet.ts"
import { indexesOf, join, nullPacket } from "./test-support/break-packets.ts"
import { makeSubject, nth } from "./test-support/check-whole.ts"

const { packets } = await makeSubject()
const useful = (n: number) => nth(packets, n)

/** A checker on a clock that the test sets. */
function start(startedAt = 1000) {
  let at = startedAt
  const checker = createStreamChecker({ now: () => at })
  return {
    checker,
    setClock(to: number) {
      at = to
    },
    arrive(to: number, bytes: Buffer) {
      at = to
      checker.feed(bytes, to)
    },
  }
}

describe("arrival", () => {
  it("tells the first byte and the first keyframe from the start on", () => {
    const { checker, arrive } = start()
    arrive(1040.26, join(packets.slice(0, 2)))
    expect(checker.report()).toMatchObject({ firstByteMs: 40.3, keyframeMs: null })
    arrive(1055, join(packets.slice(2, 20)))
    expect(checker.report()).toMatchObject({ firstByteMs: 40.3, keyframeMs: 55 })
  })

  it("tells the longest silence and when it began", () => {
    const { checker, arrive } = start()
    for (const [n, at] of [1000, 1100, 1350, 1400].entries()) arrive(at, useful(n))
    expect(checker.report()).toMatchObject({ maxGapMs: 250, maxGapAtMs: 100 })
  })

  it("takes null packets and broken bytes for silence", () => {
    const { checker, arrive } = start()
    arrive(1000, useful(0))
    for (let at = 1050; at < 1500; at += 50) arrive(at, nullPacket())
    arrive(1500, useful(1).subarray(0, 100))
    arrive(1600, useful(1).subarray(100))
    expect(checker.report()).toMatchObject({ maxGapMs: 600, maxGapAtMs: 0, nullPackets: 9 })
  })

  it("counts the silence that lasts, until the stream ended", () => {
    const { checker, arrive, setClock } = start()
    arrive(1000, useful(0))
    arrive(1010, useful(1))
    setClock(1200)
    expect(checker.report()).toMatchObject({ maxGapMs: 190, maxGapAtMs: 10 })
    checker.end(1200)
    setClock(9000)
    expect(checker.report()).toMatchObject({ maxGapMs: 10, maxGapAtMs: 0 })
  })

  it("counts the silence up to the viewer's own end", () => {
    const { checker, arrive, setClock } = start()
    arrive(1000, useful(0))
    arrive(1010, useful(1))
    checker.end(1500, { silent: true })
    // Only the first end counts.
    checker.end(9000, { silent: true })
    setClock(9000)
    expect(checker.report()).toMatchObject({ maxGapMs: 490, maxGapAtMs: 10 })
  })

  describe("against the clock of the programme", () => {
    const withPcr = indexesOf(packets, hasPcr)
    const firstPcr = pcr27MHz(nth(packets, nth(withPcr, 0)))

    /** Feeds each packet when its PCR says, moved by `late`. */
    function playInTime(late: (mediaMs: number) => number) {
      const { checker, arrive } = start(0)
      let at = 0
      for (const packet of packets) {
        const mediaMs = hasPcr(packet) ? (pcr27MHz(packet) - firstPcr) / 27_000 : null
        if (mediaMs !== null) at = mediaMs + late(mediaMs)
        arrive(at, packet)
      }
      return checker.report()
    }

    it("sees no drift in real time", () => {
      expect(playInTime(() => 0)).toMatchObject({ pcrLeadMs: 0, maxPcrLeadMs: 0, maxPcrLagMs: 0 })
    })

    it("sees a stall as lag, made good or not", () => {
      expect(playInTime((ms) => (ms > 2000 ? 700 : 0))).toMatchObject({ pcrLeadMs: -700, maxPcrLagMs: 700 })
      const caughtUp = playInTime((ms) => (ms > 2000 && ms < 2500 ? 700 : 0))
      expect(caughtUp).toMatchObject({ pcrLeadMs: 0, maxPcrLagMs: 700, maxPcrLeadMs: 0 })
    })

    it("sees a burst as lead", () => {
      const report = playInTime((ms) => (ms < 1000 ? -ms : -1000))
      expect(report).toMatchObject({ pcrLeadMs: 1000, maxPcrLeadMs: 1000, maxPcrLagMs: 0 })
    })

    it("tells the bitrate of the media and of the arrival", () => {
      const report = playInTime((ms) => ms)
      const media = report.mediaBitsPerSecond ?? 0
      expect(media).toBe(Math.round((report.bytes * 8) / report.mediaSeconds))
      expect(report.arrivalBitsPerSecond).toBe(Math.round(media / 2))
    })
  })
})
