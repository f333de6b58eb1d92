import { describe, expect, it } from "vitest"
import { join } from "../../../infra/e2e/player/test-support/break-packets.ts"
import { seededRandom } from "../../../infra/e2e/player/test-support/seeded-random.ts"
import { announcement } from "../mpegts/announcement.ts"
import { nullPackets } from "../mpegts/null-packets.ts"
import { nullPid, packetBytes, pidOf, startsUnit } from "../mpegts/packet.ts"
import { judge } from "../mpegts/splice/splice-fixture.ts"
import { aac, h264, mp2, type TinyFeed, tinyFeed } from "../mpegts/splice/tiny-feed-fixture.ts"
import { cutAll, startSegmenter } from "./segments-fixture.ts"

const streams = [
  { pid: 0x100, type: h264 },
  { pid: 0x101, type: aac },
]
/** 25 frames a second. */
const feed = (more: Omit<TinyFeed, "streams"> & Partial<TinyFeed>) => join(tinyFeed({ streams, ...more }))
/** A copy with another continuity_counter. */
function counted(packet: Buffer, counter: number): Buffer {
  const copy = Buffer.from(packet)
  copy[3] = 0x10 | (counter & 0x0f)
  return copy
}
const second90kHz = 90_000
const lengths = (cuts: readonly { seconds: number }[]) => cuts.map(({ seconds }) => seconds)

describe("a segmenter", () => {
  it("cuts at the first keyframe after some two seconds, however the packets come", () => {
    const stream = feed({ frames: 250, group: 20 })
    const all = Array.from({ length: 8 }, (_, seed) => cutAll(stream, seededRandom(seed)))
    for (const cuts of all) expect(lengths(cuts)).toEqual([2.4, 2.4, 2.4, 2.4, 0.4])
    for (const cuts of all) expect(cuts.map(({ data }) => data)).toEqual(all[0]?.map(({ data }) => data))
  })

  it("has a segment when its last packet has come, not later", () => {
    const { cuts, push } = startSegmenter()
    const packets = tinyFeed({ streams, frames: 101, group: 50 })
    const perFrame = 5
    for (const packet of packets.slice(0, 2 + 50 * perFrame + 3)) push(packet)
    expect(cuts).toHaveLength(0)
    push(packets[2 + 50 * perFrame + 3] ?? Buffer.alloc(0))
    expect(lengths(cuts)).toEqual([2])
  })

  it("drops null packets, and waits through an outage without pictures", () => {
    const { cuts, push, clock } = startSegmenter()
    const packets = tinyFeed({ streams, frames: 120, group: 50 })
    const middle = Math.floor(packets.length / 3)
    push(join(packets.slice(0, middle)))
    for (let count = 0; count < 100; count++) {
      clock.at += 250
      push(nullPackets(7))
    }
    push(join(packets.slice(middle)))
    expect(lengths(cuts)).toEqual([2, 2])
    for (const { data } of cuts)
      for (let at = 0; at < data.length; at += packetBytes) expect(pidOf(data, at)).not.toBe(nullPid)
  })

  it("cuts before a segment becomes too long when keyframes stay away, with the tables and counters of that place", () => {
    // After 16 groups all counters are where they began.
    const packets = tinyFeed({ streams, frames: 500, group: 500, dts90kHz: 900_000 + 800 * 3600 })
    const tables = packets.slice(0, 2)
    const more = packets.flatMap((packet, index) =>
      index === 0 || index % 50 > 0
        ? [packet]
        : [packet, ...tables.map((table) => counted(table, index / 50))],
    )
    const cuts = cutAll(join([feed({ frames: 800, group: 50 }), ...more]), seededRandom(1))
    expect(new Set(cuts.map(({ targetSeconds }) => targetSeconds))).toEqual(new Set([2]))
    for (const { seconds, data } of cuts) {
      expect(Math.round(seconds)).toBeLessThanOrEqual(2)
      expect(judge(data)).toMatchObject({ tablesFirst: true, ccErrors: 0 })
    }
    expect(judge(join(cuts.map(({ data }) => data)))).toMatchObject({ ccErrors: 0 })
    expect(lengths(cuts).reduce((sum, seconds) => sum + seconds, 0)).toBeCloseTo(52, 5)
  })

  it("begins a segment anew when a keyframe comes at last", () => {
    const late = feed({ frames: 100, group: 70, dts90kHz: 900_000 + 100 * 3600, counter: 8 })
    const cuts = cutAll(Buffer.concat([feed({ frames: 100, group: 50 }), late]), seededRandom(2))
    // Keyframes each 2 s, then 2.8 s: that does not fit in a target of 2 s, and what is left of it is short.
    expect(lengths(cuts)).toEqual([2, 2, 2.48, 0.32, 1.2])
  })

  it("marks a segment that begins at a seam, even in the middle of another", () => {
    const before = feed({ frames: 70, group: 50 })
    const seam = [0x100, 0x101].map((pid) => announcement(pid, 0, null))
    const after = feed({ frames: 60, group: 50, dts90kHz: 900_000 + 70 * 3600 + 3 * second90kHz })
    const cuts = cutAll(Buffer.concat([before, ...seam, after]), seededRandom(4))
    expect(cuts.map(({ seconds, isDiscontinuous }) => [seconds, isDiscontinuous])).toEqual([
      [2, false],
      // Nothing tells that the last picture is whole.
      [0.76, false],
      [2, true],
      [0.4, false],
    ])
    expect(judge(cuts[2]?.data ?? Buffer.alloc(0))).toMatchObject({
      tablesFirst: true,
      startsOnKeyframe: true,
    })
  })

  it.each([
    ["keyframe", 50 * 5 + 4, [2]],
    ["picture", 60 * 5 + 4, [2, 0.4]],
  ])("leaves out a %s that a failure cut off: decoders of browsers end at it", (_, packets, expected) => {
    const { cuts, push } = startSegmenter()
    const before = tinyFeed({ streams, frames: 70, group: 50 })
    // Two tables before each keyframe, then five packets a frame: two of the picture have come.
    push(join(before.slice(0, 2 + packets)))
    push(join([0x100, 0x101].map((pid) => announcement(pid, 0, null))))
    push(feed({ frames: 60, group: 50, dts90kHz: 900_000 + 70 * 3600 }))
    expect(lengths(cuts).slice(0, -1)).toEqual(expected)
    expect(cuts.map(({ isDiscontinuous }) => isDiscontinuous)).toEqual([...expected.map(() => false), true])
    const pictures = expected.reduce((sum, seconds) => sum + seconds * 25, 0)
    const kept = join(cuts.slice(0, -1).map(({ data }) => data))
    let starts = 0
    for (let at = 0; at < kept.length; at += packetBytes)
      if (pidOf(kept, at) === 0x100 && startsUnit(kept, at)) starts++
    expect(starts).toBe(pictures)
  })

  it.each([
    ["back", 100_000],
    ["far ahead", 900_000 + 100 * second90kHz],
  ])("takes times that jump %s unannounced for a discontinuity", (_, dts90kHz) => {
    const cuts = cutAll(
      Buffer.concat([feed({ frames: 70, group: 50 }), feed({ frames: 50, group: 50, dts90kHz })]),
      seededRandom(4),
    )
    expect(cuts.map(({ seconds, isDiscontinuous }) => [seconds, isDiscontinuous])).toEqual([
      [2, false],
      [0.8, false],
      [2, true],
    ])
  })

  it("goes on where the 33 bits of the times are full", () => {
    const cuts = cutAll(
      feed({ frames: 150, group: 50, dts90kHz: 2 ** 33 - 3 * second90kHz }),
      seededRandom(4),
    )
    expect(cuts.map(({ seconds, isDiscontinuous }) => [seconds, isDiscontinuous])).toEqual([
      [2, false],
      [2, false],
      [2, false],
    ])
  })

  it("takes other streams for a discontinuity", () => {
    const changed = [
      { pid: 0x100, type: h264 },
      { pid: 0x102, type: mp2 },
    ]
    const dts90kHz = 900_000 + 70 * 3600
    const after = join(tinyFeed({ streams: changed, frames: 60, group: 50, dts90kHz, version: 1 }))
    const cuts = cutAll(Buffer.concat([feed({ frames: 70, group: 50 }), after]), seededRandom(4))
    expect(cuts.map(({ isDiscontinuous }) => isDiscontinuous)).toEqual([false, false, true, false])
    expect(lengths(cuts)).toEqual([2, 0.8, 2, 0.4])
  })

  it("cuts sound with rare pictures in time", () => {
    // A picture every 8 s, and sound between them.
    const sound = tinyFeed({ streams, frames: 600, group: 600 }).filter(
      (packet, index) => pidOf(packet, 0) !== 0x100 || Math.floor(index / 5) % 200 === 0,
    )
    const cuts = cutAll(join(sound), seededRandom(4))
    expect(cuts.length).toBeGreaterThanOrEqual(3)
    for (const { seconds, targetSeconds } of cuts)
      expect(Math.round(seconds)).toBeLessThanOrEqual(targetSeconds)
  })

  it("measures by the clock on the wall what has no times", () => {
    const { cuts, push, clock } = startSegmenter()
    for (const packet of tinyFeed({ streams, frames: 320, group: 50 })) {
      const flags = 4 + 3 + 4
      // A PES header without times (ISO 13818-1 2.4.3.7).
      if ((packet[1] ?? 0) & 0x40 && pidOf(packet, 0) >= 0x100 && pidOf(packet, 0) < 0x1000)
        packet[flags] = (packet[flags] ?? 0) & 0x3f
      push(packet)
      clock.at += 8
    }
    expect(cuts.length).toBeGreaterThanOrEqual(4)
    for (const { seconds } of cuts) expect(Math.abs(seconds - 2)).toBeLessThan(0.1)
  })

  it("cuts before a segment has more bytes than it may", () => {
    const { cuts, push } = startSegmenter({ maxSegmentBytes: 20_000 })
    for (const packet of tinyFeed({ streams, frames: 300, group: 50 })) push(packet)
    expect(cuts.length).toBeGreaterThan(8)
    for (const { data } of cuts) expect(data.length).toBeLessThan(22_000)
  })

  it("gives what it has when the stream is over, and says so once", () => {
    const { segmenter, cuts, push, ends } = startSegmenter()
    push(feed({ frames: 60, group: 50 }))
    segmenter.close()
    segmenter.close()
    expect([lengths(cuts), ends()]).toEqual([[2, 0.4], 1])
  })

  it("dates segments by when their pictures came", () => {
    const { segmenter, cuts, clock, push } = startSegmenter()
    const packets = tinyFeed({ streams, frames: 160, group: 50 })
    const from = clock.at
    for (const packet of packets) {
      push(packet)
      clock.at += 8
    }
    segmenter.close()
    const [first = from, ...others] = cuts.map(({ startsAt }) => startsAt)
    expect(Math.abs(first - from)).toBeLessThan(40)
    expect(others.map((startsAt) => startsAt - first)).toEqual([2_000, 4_000, 6_000])
  })
})
