import { describe, expect, it } from "vitest"
import { createStreamChecker } from "../../../infra/e2e/player/check-stream.ts"
import { join, type Packets, packetsOf } from "../../../infra/e2e/player/test-support/break-packets.ts"
import {
  buildPat,
  buildPmt,
  packetise,
  pesPacket,
} from "../../../infra/e2e/player/test-support/build-tables.ts"
import { canEncodeHevc, type Kind, makeStream } from "../../../infra/e2e/player/test-support/make-stream.ts"
import { seededRandom } from "../../../infra/e2e/player/test-support/seeded-random.ts"
import { announcement } from "./announcement.ts"
import { JoinBuffer, type Opening } from "./join-buffer.ts"
import { isRandomAccess, packetBytes, startsUnit } from "./packet.ts"

const plenty = 64 * 1024 * 1024
const hevc = await canEncodeHevc()
const kinds = (["h264", "mpeg2", "audio", "hevc"] as const).filter((kind) => kind !== "hevc" || hevc)
const streams = Object.fromEntries(
  await Promise.all(kinds.map(async (kind) => [kind, packetsOf(await makeStream(kind))] as const)),
) as Record<Kind, Packets>

/** The same stream from a muxer that does not say where one can start. */
function withoutIndicators(packets: Packets): Packets {
  return packets.map((packet) => {
    if (!isRandomAccess(packet, 0)) return packet
    const copy = Buffer.from(packet)
    copy[5] = (copy[5] ?? 0) & ~0x40
    return copy
  })
}

const bytesOf = (opening: Opening) => Buffer.concat([opening.tables, ...opening.chunks])

/** Judges a start, and how the stream goes on from there. */
function judge(start: Buffer, rest: Packets) {
  const checker = createStreamChecker({ now: () => 0 })
  checker.feed(start, 0)
  checker.feed(join(rest), 0)
  checker.end(0)
  return checker.report()
}

function expectGood(start: Buffer, rest: Packets, hasVideo: boolean, where: string): void {
  const { aligned, tablesFirst, startsOnKeyframe, ccErrors, tableCrcErrors, partialPacketBytes } = judge(
    start,
    rest,
  )
  expect(
    { aligned, tablesFirst, startsOnKeyframe, ccErrors, tableCrcErrors, partialPacketBytes },
    where,
  ).toEqual({
    aligned: true,
    tablesFirst: true,
    startsOnKeyframe: hasVideo ? true : null,
    ccErrors: 0,
    tableCrcErrors: 0,
    partialPacketBytes: 0,
  })
}

/** Enough for every counter to go round, and for the tables to come again. */
const witnesses = 250

function cutAtRandom(packets: Packets, seed: number): Packets[] {
  const random = seededRandom(seed)
  const chunks: Packets[] = []
  for (let at = 0; at < packets.length; ) {
    const count = random.pick([1, 1, 2, 7, 30, 150])
    chunks.push(packets.slice(at, at + count))
    at += count
  }
  return chunks
}

describe.each(kinds)("an opening of a real stream (%s)", (kind) => {
  const hasVideo = kind !== "audio"

  it.each([
    ["as ffmpeg makes it", (packets: Packets) => packets],
    ["without random access indicators", withoutIndicators],
  ])("begins with tables and a keyframe, and goes on without a gap, at every moment (%s)", (_, change) => {
    const packets = change(streams[kind])
    const buffer = new JoinBuffer(plenty)
    let known = 0
    for (const [index, packet] of packets.entries()) {
      buffer.push(packet)
      const opening = buffer.opening()
      if (opening === null) {
        expect(known, "once there is an opening, there always is one").toBe(0)
        continue
      }
      known++
      const rest = packets.slice(index + 1, index + 1 + witnesses)
      expectGood(bytesOf(opening), rest, hasVideo, `packet ${index}`)
    }
    expect(known).toBeGreaterThan(packets.length * 0.9)
  })

  it("is whole however the stream is chunked, for joiners and for those who wait", () => {
    for (let seed = 1; seed <= 20; seed++) {
      const chunks = cutAtRandom(withoutIndicators(streams[kind]), seed)
      const buffer = new JoinBuffer(plenty)
      for (const [index, chunk] of chunks.entries()) {
        const { hasOpening } = buffer.push(join(chunk))
        const opening = buffer.opening()
        if (hasOpening) expect(opening).not.toBeNull()
        if (opening === null) continue
        const rest = chunks
          .slice(index + 1)
          .flat()
          .slice(0, witnesses)
        expectGood(bytesOf(opening), rest, hasVideo, `seed ${seed}, chunk ${index}`)
      }
    }
  })
})

describe("the newest keyframe", () => {
  it("is where the opening starts: it never holds two", () => {
    const buffer = new JoinBuffer(plenty)
    for (const packet of streams.h264) {
      buffer.push(packet)
      const opening = buffer.opening()
      if (opening === null) continue
      const keyframes = packetsOf(Buffer.concat(opening.chunks)).filter(
        (each) => startsUnit(each, 0) && isRandomAccess(each, 0) && (each.readUInt16BE(1) & 0x1fff) === 0x100,
      )
      expect(keyframes).toHaveLength(1)
    }
  })

  it("shares the chunks it holds", () => {
    const buffer = new JoinBuffer(plenty)
    const all = join(streams.h264)
    buffer.push(all)
    for (const chunk of buffer.opening()?.chunks ?? []) expect(chunk.buffer).toBe(all.buffer)
  })
})

// A stream made by hand, so that each picture's size and the moment of its decision are known.
const videoPid = 0x100
const key = [0, 0, 1, 0x65, 0x88]
const slice = [0, 0, 1, 0x41, 0x88]
const delimiter = [0, 0, 1, 0x09, 0xf0]

function handMade() {
  let counter = 0
  const next = () => counter++ & 0x0f
  return {
    tables: [
      ...packetise(0, 0, buildPat([{ programme: 1, pmtPid: 0x1000 }])),
      ...packetise(
        0x1000,
        0,
        buildPmt({ programme: 1, pcrPid: videoPid, streams: [{ pid: videoPid, streamType: 27 }] }),
      ),
    ],
    start: (data: readonly number[]) => pesPacket(videoPid, next(), { dts90kHz: 0, data }),
    more(count: number, data: readonly number[] = []): Buffer[] {
      return Array.from({ length: count }, () => {
        const packet = Buffer.alloc(packetBytes, 0xff)
        packet.set([0x47, videoPid >> 8, videoPid & 0xff, 0x10 | next(), ...data])
        return packet
      })
    },
  }
}

describe("memory", () => {
  const maxBytes = 20 * packetBytes

  it("is bounded by maxBytes and one chunk, when a group of pictures is larger", () => {
    const { tables, start, more } = handMade()
    const buffer = new JoinBuffer(maxBytes)
    buffer.push(join([...tables, start(key)]))
    expect(buffer.opening()).not.toBeNull()
    for (const packet of more(200)) {
      buffer.push(packet)
      expect(buffer.bytes).toBeLessThanOrEqual(maxBytes + packetBytes)
    }
    expect(buffer.opening(), "too large a group has no opening").toBeNull()
    const last = start(key)
    expect(buffer.push(last).hasOpening).toBe(true)
    expectGood(bytesOf(buffer.opening() ?? { tables: last, chunks: [] }), more(10), true, "the next keyframe")
  })

  it("is not spent on what nobody can start with", () => {
    const { tables, start, more } = handMade()
    const buffer = new JoinBuffer(maxBytes)
    buffer.push(join([...tables, start(slice)]))
    for (const packet of more(50)) buffer.push(packet)
    expect(buffer.bytes).toBe(0)
  })

  it("keeps the picture that is being decided, and nothing before it, past the bound", () => {
    const { tables, start, more } = handMade()
    const buffer = new JoinBuffer(maxBytes)
    buffer.push(join([...tables, start(key), ...more(18)]))
    const undecided = start(delimiter)
    buffer.push(undecided)
    buffer.push(join(more(2)))
    expect(buffer.opening()).toBeNull()
    expect(buffer.bytes).toBe(3 * packetBytes)
    buffer.push(join(more(1, key)))
    const opening = buffer.opening()
    expect(opening?.chunks[0]).toEqual(undecided)
    expectGood(bytesOf(opening ?? { tables: undecided, chunks: [] }), more(10), true, "decided late")
  })

  it("gives a whole opening for every place where the bound strikes while a keyframe is being decided", () => {
    for (let before = 0; before <= 24; before++) {
      for (let late = 1; late <= 24; late++) {
        const { tables, start, more } = handMade()
        const buffer = new JoinBuffer(maxBytes)
        buffer.push(join([...tables, start(key)]))
        for (const packet of [...more(before), start(delimiter), ...more(late), ...more(1, key)])
          buffer.push(packet)
        const opening = buffer.opening()
        const where = `${before} before, decided after ${late}`
        if (opening !== null) expectGood(bytesOf(opening), more(20), true, where)
        expect(buffer.bytes, where).toBeLessThanOrEqual(maxBytes + packetBytes)
      }
    }
  })
})

describe.each(kinds)("a jump to the newest keyframe (%s)", (kind) => {
  /** What a viewer sees who got everything up to `from`, nothing up to `to`, and then the opening. */
  function jumped(packets: Packets, [from, to]: readonly [number, number], chunk: number) {
    const buffer = new JoinBuffer(plenty)
    for (let at = 0; at < to; at += chunk) buffer.push(join(packets.slice(at, Math.min(at + chunk, to))))
    const opening = buffer.opening()
    const jump = buffer.jump()
    if (opening === null || jump === null) return null
    const checker = createStreamChecker({ now: () => 0 })
    for (const part of [join(packets.slice(0, from)), jump, bytesOf(opening), join(packets.slice(to))])
      checker.feed(part, 0)
    checker.end(0)
    return { report: checker.report(), jump }
  }

  it("is announced on every PID, wherever the viewer was and is moved", () => {
    const packets = streams[kind]
    for (let seed = 1; seed <= 60; seed++) {
      const random = seededRandom(seed)
      const from = random.between(10, packets.length - 20)
      const to = random.between(from, packets.length - 1)
      const found = jumped(packets, [from, to], random.pick([1, 3, 50, 400]))
      expect(found, `seed ${seed}`).not.toBeNull()
      const { ccErrors, pcrJumps, dtsBackwards, unannouncedPtsJumps, tableCrcErrors, splicesOffKeyframe } =
        found?.report ?? judge(Buffer.alloc(0), [])
      expect(
        { ccErrors, pcrJumps, dtsBackwards, unannouncedPtsJumps, tableCrcErrors, splicesOffKeyframe },
        `seed ${seed}, ${from} to ${to}`,
      ).toEqual({
        ccErrors: 0,
        pcrJumps: 0,
        dtsBackwards: 0,
        unannouncedPtsJumps: 0,
        tableCrcErrors: 0,
        splicesOffKeyframe: 0,
      })
    }
  })

  it("is needed: without it the checker complains", () => {
    const packets = streams[kind]
    const buffer = new JoinBuffer(plenty)
    buffer.push(join(packets))
    const opening = buffer.opening() ?? { tables: Buffer.alloc(0), chunks: [] }
    const { ccErrors } = judge(join(packets.slice(0, 101)), [bytesOf(opening)])
    expect(ccErrors).toBeGreaterThan(0)
  })
})

describe("a jump", () => {
  it("is none while there is no opening", () => {
    const buffer = new JoinBuffer(plenty)
    buffer.push(join(streams.h264.slice(0, 3)))
    expect(buffer.jump()).toBeNull()
  })

  it("reckons with PIDs and a clock that the opening does not have", () => {
    const { tables, start, more } = handMade()
    const other = (counter: number) => pesPacket(0x101, counter, { dts90kHz: 0, data: [1] })
    const clock = (base90kHz: number) => announcement(0x102, 4, { base90kHz, extension: 0 })
    const still = Buffer.from(announcement(0x103, 7, { base90kHz: 5, extension: 0 }))
    still[5] = 0x10
    const buffer = new JoinBuffer(plenty)
    buffer.push(join([...tables, other(6), clock(90_000), start(key), still]))
    const jump = packetsOf(buffer.jump() ?? Buffer.alloc(0))
    const rest = [...(buffer.opening()?.chunks ?? []), other(7), ...more(3)]
    expect(jump.some((packet) => packet.equals(clock(90_000)))).toBe(true)
    expect(judge(join([other(1), ...jump]), rest).ccErrors).toBe(0)
  })
})
