import { describe, expect, it } from "vitest"
import { join } from "../../../infra/e2e/player/test-support/break-packets.ts"
import { announcement } from "./announcement.ts"
import { ticksBetween } from "./clock.ts"
import { type Out, readOutput } from "./splice/read-output-fixture.ts"
import { faultsIn } from "./splice/splice-fixture.ts"
import { frame90kHz, type TinyFeed, tinyFeed } from "./splice/tiny-feed-fixture.ts"
import { type SeamKind, Splicer } from "./splicer.ts"

const video = 0x100
const audio = 0x101
const streams = [
  { pid: video, type: 27 },
  { pid: audio, type: 0x0f },
]
const second = 90_000

/** Two feeds with `pauseMs` between, and what came out of each. */
function splice(kind: SeamKind, [one, other]: readonly [Partial<TinyFeed>, Partial<TinyFeed>], pauseMs = 0) {
  const splicer = new Splicer()
  const before = Buffer.from(splicer.push(join(tinyFeed({ streams, ...one })), 1000))
  splicer.seam(kind)
  const after = Buffer.from(splicer.push(join(tinyFeed({ streams, ...other })), 1000 + pauseMs))
  return { before: readOutput(before), after: readOutput(after), all: Buffer.concat([before, after]) }
}

const present = (values: readonly (number | null)[]) => values.filter((value) => value !== null)
const clocks = (packets: readonly Out[]) => present(packets.map(({ pcr90kHz }) => pcr90kHz))
const times = (packets: readonly Out[], pid = video) =>
  present(packets.filter((packet) => packet.pid === pid).map(({ dts90kHz }) => dts90kHz))
const step = (from: number | undefined, to: number | undefined) =>
  ticksBetween(from ?? Number.NaN, to ?? Number.NaN)

const far = { dts90kHz: 5e9 }

describe("another feed", () => {
  it("goes on with the clock where the viewers' time has come to", () => {
    for (const pauseMs of [700, 3000, 60_000]) {
      const { before, after } = splice("feed", [{}, far], pauseMs)
      expect(step(clocks(before).at(-1), clocks(after)[0])).toBe(pauseMs * 90)
    }
  })

  it("is decoded after what was sent, however short the pause", () => {
    const { before, after } = splice("feed", [{}, far], 0)
    expect(step(times(before).at(-1), times(after)[0])).toBe(frame90kHz)
    expect(step(times(before, audio).at(-1), times(after, audio)[0])).toBeGreaterThanOrEqual(frame90kHz)
    const early = splice("feed", [{ lead90kHz: second }, { ...far, lead90kHz: second / 10 }], 200)
    expect(step(times(early.before).at(-1), times(early.after)[0])).toBe(frame90kHz)
  })

  it("keeps all of its times by one shift", () => {
    const { after } = splice("feed", [{}, far], 2000)
    const lead = (packets: readonly Out[]) => step(clocks(packets).at(-1), times(packets).at(-1))
    expect(lead(after)).toBe(lead(readOutput(join(tinyFeed({ streams, ...far })))))
    const steps = times(after)
      .slice(1)
      .map((time, index) => step(times(after)[index], time))
    expect(new Set(steps)).toEqual(new Set([frame90kHz]))
  })

  it("may pass the end of the clock's 33 bits, on either side", () => {
    const end = 2 ** 33
    for (const [one, other] of [
      [end - 5 * frame90kHz, 0],
      [0, end - 5 * frame90kHz],
      [end - 20_000, end - 20_000],
      [end - 11 * frame90kHz, 7],
    ] as const) {
      const { before, after, all } = splice("feed", [{ dts90kHz: one }, { dts90kHz: other }], 1000)
      expect(step(clocks(before).at(-1), clocks(after)[0]), `${one} to ${other}`).toBe(second)
      expect(faultsIn(all)).toMatchObject({ pcrJumps: 0, dtsBackwards: 0, ptsJumps: 0, audioPtsJumps: 0 })
    }
  })

  it("is put in place by its decoding times alone when a clock is missing", () => {
    for (const [one, other] of [
      [0x1fff, video],
      [video, 0x1fff],
      [0x1fff, 0x1fff],
    ] as const) {
      const { before, after, all } = splice("feed", [{ pcrPid: one }, { ...far, pcrPid: other }], 2000)
      expect(step(times(before).at(-1), times(after)[0]), `${one}, ${other}`).toBe(2 * second)
      expect(faultsIn(all)).toMatchObject({ pcrJumps: 0, dtsBackwards: 0 })
    }
  })

  it("is put in place by its decoding times alone when its clock has nothing to do with them", () => {
    const { before, after, all } = splice("feed", [{}, { ...far, lead90kHz: 1e7 }], 2000)
    expect(step(times(before).at(-1), times(after)[0])).toBe(2 * second)
    expect(faultsIn(all)).toMatchObject({ pcrJumps: 0, dtsBackwards: 0 })
  })

  it("leaves out the sound that would overlap with what was sent, and no more", () => {
    // Sound that comes as early as the picture, then sound that is a second behind it in its packets.
    const late = tinyFeed({ streams, ...far, frames: 60 })
    const splicer = new Splicer()
    const before = readOutput(splicer.push(join(tinyFeed({ streams, frames: 30 })), 0))
    splicer.seam("feed")
    const given = late
      .filter((packet, index) => index < 5 || packet.readUInt16BE(1) % 0x2000 !== audio)
      .slice(0, 50)
    const sound = tinyFeed({
      streams: [{ pid: audio, type: 0x0f }],
      dts90kHz: far.dts90kHz - second,
      group: 60,
      pcrPid: 0x1fff,
      frames: 60,
    }).slice(2)
    const after = readOutput(splicer.push(join([...given, ...sound]), 10))
    const gap = step(times(before, audio).at(-1), times(after, audio)[0])
    expect(gap).toBeGreaterThan(0)
    expect(gap).toBeLessThanOrEqual(2 * frame90kHz)
    expect(times(after, audio).length).toBeGreaterThan(20)
  })
})

describe("a discontinuity within a feed", () => {
  it("goes on with the next frame, whatever time has passed", () => {
    for (const pauseMs of [0, 5, 60_000]) {
      const { before, after, all } = splice("discontinuity", [{}, { dts90kHz: 0 }], pauseMs)
      expect(step(times(before).at(-1), times(after)[0])).toBe(frame90kHz)
      expect(faultsIn(all)).toMatchObject({ pcrJumps: 0, dtsBackwards: 0, audioPtsJumps: 0 })
    }
  })

  it("never takes the clock back", () => {
    const { before, after } = splice("discontinuity", [
      { lead90kHz: 9000 },
      { ...far, lead90kHz: 2 * second },
    ])
    expect(step(clocks(before).at(-1), clocks(after)[0])).toBeGreaterThan(0)
    expect(step(times(before).at(-1), times(after)[0])).toBeGreaterThan(frame90kHz)
  })

  it("that comes before anything of another feed did, is still that feed's beginning", () => {
    const splicer = new Splicer()
    const before = readOutput(splicer.push(join(tinyFeed({ streams })), 0))
    splicer.seam("feed")
    splicer.seam("discontinuity")
    const after = readOutput(splicer.push(join(tinyFeed({ streams, ...far })), 4000))
    expect(step(clocks(before).at(-1), clocks(after)[0])).toBe(4 * second)
  })
})

describe("the announcement", () => {
  it("comes on each PID before its first packet, and has the first clock reference", () => {
    const { before, after } = splice("feed", [{}, far], 1000)
    for (const pid of [video, audio]) {
      const [first, second] = after.filter((packet) => packet.pid === pid)
      const last = before.findLast((packet) => packet.pid === pid)
      expect(first).toMatchObject({ isAnnounced: true, hasPayload: false, counter: last?.counter })
      expect(second).toMatchObject({ isAnnounced: false })
    }
    const [first] = after.filter(({ pcr90kHz }) => pcr90kHz !== null)
    expect(first).toMatchObject({ isAnnounced: true, pid: video })
  })

  it("is made where the clock comes when the feed does not show one in time", () => {
    const splicer = new Splicer()
    splicer.push(join(tinyFeed({ streams })), 0)
    splicer.seam("feed")
    const isClock = (packet: Buffer) => (packet.readUInt8(3) & 0x20) !== 0
    const late = tinyFeed({ streams, ...far, frames: 400 })
    const split = 1500
    const given = [...late.slice(0, split).filter((packet) => !isClock(packet)), ...late.slice(split)]
    const out = given.map((packet) => Buffer.from(splicer.push(packet, 1000)))
    const [first, second] = readOutput(Buffer.concat(out)).filter(({ pcr90kHz }) => pcr90kHz !== null)
    expect(first?.isAnnounced).toBe(true)
    expect(second?.isAnnounced).toBe(false)
    expect(
      out.findIndex((packets) => packets.length > 0),
      "packets held for a clock",
    ).toBeLessThan(1010)
  })
})

describe("a clock on the sound's PID", () => {
  /** A packet that goes on with a unit, and has a clock reference. */
  function goOnWithClock(counter: number, base90kHz: number): Buffer {
    const packet = announcement(audio, counter, { base90kHz, extension: 0 })
    packet[3] = 0x30 | counter
    packet[4] = 7
    packet[5] = 0x10
    return packet
  }

  it("is kept where the sound that carries it is not", () => {
    const splicer = new Splicer()
    const before = Buffer.from(splicer.push(join(tinyFeed({ streams, pcrPid: audio })), 0))
    splicer.seam("feed")
    const [pat, pmt, , key, rest, ...more] = tinyFeed({ streams, ...far, pcrPid: audio })
    const clock = goOnWithClock(15, far.dts90kHz - 45_000)
    const given = [pat, pmt, key, clock, rest, ...more].filter((packet) => packet !== undefined)
    const after = Buffer.from(splicer.push(join(given), 1000))
    const [announced, first] = readOutput(after).filter(({ pid }) => pid === audio)
    expect(announced).toMatchObject({ isAnnounced: true, pcr90kHz: first?.pcr90kHz })
    expect(first).toMatchObject({ hasPayload: false, isAnnounced: false })
    expect(faultsIn(Buffer.concat([before, after]))).toMatchObject({
      ccErrors: 0,
      pcrJumps: 0,
      orphanPackets: 0,
    })
  })
})

describe("the next segment of the same stream", () => {
  it("keeps its times, though its counters start anew", () => {
    for (const counter of [0, 3, 9, 15]) {
      const next = { dts90kHz: 900_000 + 10 * frame90kHz, counter }
      const { before, after, all } = splice("segment", [{ counter: 5 }, next])
      expect(step(times(before).at(-1), times(after)[0])).toBe(frame90kHz)
      expect(faultsIn(all)).toMatchObject({ ccErrors: 0, pcrJumps: 0, splicesOffKeyframe: 0 })
      expect(after.some(({ isAnnounced }) => isAnnounced)).toBe(false)
    }
  })

  it("keeps the shift of the segments before it", () => {
    const splicer = new Splicer()
    const out: Buffer[] = []
    const push = (feed: Partial<TinyFeed>) =>
      out.push(Buffer.from(splicer.push(join(tinyFeed({ streams, ...feed })), 0)))
    push({})
    splicer.seam("discontinuity")
    push({ ...far, frames: 5, counter: 3 })
    splicer.seam("segment")
    push({ dts90kHz: far.dts90kHz + 5 * frame90kHz, frames: 5, counter: 8 })
    const all = times(readOutput(Buffer.concat(out)))
    expect(all).toEqual(all.map((_, index) => 900_000 + index * frame90kHz))
    expect(faultsIn(Buffer.concat(out))).toMatchObject({ ccErrors: 0, pcrJumps: 0 })
  })
})

describe("counters", () => {
  it("may start anew while the feed is still held back", () => {
    const isClock = (packet: Buffer) => (packet.readUInt8(3) & 0x20) !== 0
    for (const counter of [2, 9, 15]) {
      const splicer = new Splicer()
      const out = [Buffer.from(splicer.push(join(tinyFeed({ streams, counter: 6 })), 0))]
      splicer.seam("feed")
      // No clock: the beginning is held until the next segment brings one.
      const held = tinyFeed({ streams, ...far, counter: 3 }).filter((packet) => !isClock(packet))
      expect(splicer.push(join(held), 1000)).toHaveLength(0)
      splicer.seam("segment")
      const next = { dts90kHz: far.dts90kHz + 10 * frame90kHz, counter }
      out.push(Buffer.from(splicer.push(join(tinyFeed({ streams, ...next })), 1000)))
      const all = Buffer.concat(out)
      expect(times(readOutput(all))).toHaveLength(30)
      expect(faultsIn(all)).toMatchObject({ ccErrors: 0, orphanPackets: 0, tableCrcErrors: 0 })
    }
  })

  it("keep the faults and copies that a feed has of its own", () => {
    const splicer = new Splicer()
    splicer.push(join(tinyFeed({ streams, counter: 7 })), 0)
    splicer.seam("feed")
    const feed = tinyFeed({ streams, ...far, frames: 20 })
    const index = feed.findLastIndex((packet) => packet.readUInt16BE(1) % 0x2000 === audio)
    const [copied = Buffer.alloc(0)] = feed.slice(index)
    const counterAt = (packets: readonly Buffer[]) =>
      readOutput(Buffer.from(splicer.push(join(packets), 0)))[0]?.counter
    splicer.push(join(feed.slice(0, index)), 0)
    const first = counterAt([Buffer.from(copied)]) ?? Number.NaN
    expect(counterAt([Buffer.from(copied)]), "a copy").toBe(first)
    const skipped = Buffer.from(copied)
    skipped[3] = 0x10 | (((copied[3] ?? 0) + 3) & 0x0f)
    expect(counterAt([skipped]), "a gap").toBe((first + 3) & 0x0f)
  })
})
