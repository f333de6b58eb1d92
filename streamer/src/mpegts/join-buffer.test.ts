import { describe, expect, it } from "vitest"
import { join, type Packets, packetsOf } from "../../../infra/e2e/player/test-support/break-packets.ts"
import { seededRandom } from "../../../infra/e2e/player/test-support/seeded-random.ts"
import { JoinBuffer } from "./join-buffer.ts"
import {
  bytesOf,
  delimiter,
  handMade,
  judge,
  key,
  kinds,
  plenty,
  slice,
  streams,
} from "./join-buffer-fixture.ts"
import { isRandomAccess, packetBytes, startsUnit } from "./packet.ts"

/** The same stream from a muxer that does not say where one can start. */
function withoutIndicators(packets: Packets): Packets {
  return packets.map((packet) => {
    if (!isRandomAccess(packet, 0)) return packet
    const copy = Buffer.from(packet)
    copy[5] = (copy[5] ?? 0) & ~0x40
    return copy
  })
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

  it("is given back when it is needed elsewhere, until the next keyframe", () => {
    const { tables, start, more } = handMade()
    const buffer = new JoinBuffer(maxBytes)
    buffer.push(join([...tables, start(key), ...more(5)]))
    buffer.forget()
    expect([buffer.bytes, buffer.opening(), buffer.jump()]).toEqual([0, null, null])
    buffer.push(join(more(3)))
    expect(buffer.bytes).toBe(0)
    const last = start(key)
    expect(buffer.push(last).hasOpening).toBe(true)
    expectGood(bytesOf(buffer.opening() ?? { tables: last, chunks: [] }), more(5), true, "after forgetting")
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
