import { describe, expect, it } from "vitest"
import { NULL_PID } from "./packet.ts"
import { crc32 } from "./sections.ts"
import { breakSync, join } from "./test-support/break-packets.ts"
import { buildPat, buildPmt, packetise, pesPacket } from "./test-support/build-tables.ts"
import { check, checkPackets } from "./test-support/check-whole.ts"

const PMT_PID = 0x1000
const H264 = 0x1b
const AAC = 0x0f
const IDR = [0, 0, 1, 0x65, 0x88]
const SLICE = [0, 0, 1, 0x41, 0x9a]

const pat = buildPat([{ programme: 1, pmtPid: PMT_PID }])
const videoOn = (pid: number, version = 0) =>
  buildPmt({ programme: 1, version, pcrPid: pid, streams: [{ pid, streamType: H264 }] })
const frame = (pid: number, counter: number, data = IDR) =>
  pesPacket(pid, counter, { dts90kHz: 3000 * counter, data })

describe("tables", () => {
  it("reads a PMT that spans several packets", () => {
    const streams = Array.from({ length: 100 }, (_, index) => ({
      pid: 0x100 + index,
      streamType: index === 99 ? H264 : AAC,
    }))
    const pmt = packetise(PMT_PID, 0, buildPmt({ programme: 1, pcrPid: NULL_PID, streams }))
    expect(pmt).toHaveLength(3)
    const report = checkPackets([...packetise(0, 0, pat), ...pmt, frame(0x163, 0)])
    expect(report).toMatchObject({
      tablesFirst: true,
      startsOnKeyframe: true,
      videoPid: 0x163,
      tableCrcErrors: 0,
    })
    expect(Object.keys(report.streams)).toHaveLength(100)
  })

  it("does not count a PMT as come before its last packet is there", () => {
    const streams = Array.from({ length: 100 }, (_, index) => ({ pid: 0x100 + index, streamType: AAC }))
    const pmt = packetise(PMT_PID, 0, buildPmt({ programme: 1, pcrPid: NULL_PID, streams }))
    const early = [
      ...packetise(0, 0, pat),
      ...pmt.slice(0, 2),
      frame(0x100, 0),
      ...pmt.slice(2),
      frame(0x100, 1),
    ]
    expect(checkPackets(early).tablesFirst).toBe(false)
  })

  it("reads no table from pieces with a packet lost between them", () => {
    const streams = Array.from({ length: 100 }, (_, index) => ({ pid: 0x100 + index, streamType: AAC }))
    const [head, , tail] = packetise(PMT_PID, 0, buildPmt({ programme: 1, pcrPid: NULL_PID, streams }))
    if (head === undefined || tail === undefined) throw new Error("The PMT is too short")
    // With a second tail the pieces are long enough for a section, though not a right one.
    const more = Buffer.from(tail)
    more.writeUInt8(0x13, 3)
    const report = checkPackets([...packetise(0, 0, pat), head, tail, more])
    expect(report).toMatchObject({ streams: {}, programmes: 0, tableCrcErrors: 0, ccErrors: 1 })
  })

  it("waits for every section of a PAT", () => {
    const [first, second] = [0, 1].map((number) => {
      const programmes = [{ programme: number + 1, pmtPid: PMT_PID + number }]
      return packetise(0, number, buildPat(programmes, 0, { number, last: 1 }))
    })
    if (first === undefined || second === undefined) throw new Error("There are two sections")
    const pmt = packetise(PMT_PID, 0, videoOn(0x100))
    expect(checkPackets([...first, ...pmt, frame(0x100, 0), ...second]).tablesFirst).toBe(false)
    expect(checkPackets([...first, ...second, ...pmt, frame(0x100, 0)]).tablesFirst).toBe(true)
  })

  it("does not use a table that is announced for later", () => {
    const later = Buffer.from(videoOn(0x200, 1))
    later.writeUInt8(later.readUInt8(5) & 0xfe, 5)
    later.writeUInt32BE(crc32(later.subarray(0, -4)), later.length - 4)
    const report = checkPackets([
      ...packetise(0, 0, pat),
      ...packetise(PMT_PID, 0, videoOn(0x100)),
      ...packetise(PMT_PID, 1, later),
    ])
    expect(report).toMatchObject({ pmtChanges: 0, videoPid: 0x100, tableCrcErrors: 0 })
  })

  it("reads sections that share a packet", () => {
    const both = packetise(
      PMT_PID,
      0,
      videoOn(0x100),
      buildPmt({ programme: 2, pcrPid: 0x200, streams: [{ pid: 0x200, streamType: AAC }] }),
    )
    expect(both).toHaveLength(1)
    const report = checkPackets([...packetise(0, 0, pat), ...both])
    expect(report).toMatchObject({ streams: { 256: "h264", 512: "aac" }, programmes: 2 })
  })

  it("watches the first programme that has video", () => {
    const many = buildPat([
      { programme: 0, pmtPid: 0x10 },
      { programme: 1, pmtPid: 0x1001 },
      { programme: 2, pmtPid: 0x1002 },
      { programme: 3, pmtPid: 0x1003 },
    ])
    const radio = buildPmt({ programme: 1, pcrPid: 0x100, streams: [{ pid: 0x100, streamType: AAC }] })
    const film = buildPmt({ programme: 2, pcrPid: 0x200, streams: [{ pid: 0x200, streamType: H264 }] })
    const other = buildPmt({ programme: 3, pcrPid: 0x300, streams: [{ pid: 0x300, streamType: H264 }] })
    const report = checkPackets([
      ...packetise(0, 0, many),
      ...packetise(0x1001, 0, radio),
      ...packetise(0x1002, 0, film),
      ...packetise(0x1003, 0, other),
      frame(0x300, 0, SLICE),
      frame(0x200, 0, IDR),
    ])
    expect(report).toMatchObject({ programmes: 3, videoPid: 0x200, startsOnKeyframe: true, keyframes: 1 })
  })

  it("tells a programme whose streams come before its PMT", () => {
    const two = buildPat([
      { programme: 1, pmtPid: PMT_PID },
      { programme: 2, pmtPid: 0x1001 },
    ])
    const late = buildPmt({ programme: 2, pcrPid: 0x200, streams: [{ pid: 0x200, streamType: H264 }] })
    const start = [...packetise(0, 0, two), ...packetise(PMT_PID, 0, videoOn(0x100))]
    const good = [...start, ...packetise(0x1001, 0, late), frame(0x100, 0), frame(0x200, 0)]
    const bad = [...start, frame(0x100, 0), frame(0x200, 0), ...packetise(0x1001, 0, late)]
    expect(checkPackets(good).tablesFirst).toBe(true)
    expect(checkPackets(bad).tablesFirst).toBe(false)
  })

  it("follows a new version to another video PID, and asks for a keyframe there", () => {
    const start = [...packetise(0, 0, pat), ...packetise(PMT_PID, 0, videoOn(0x100)), frame(0x100, 0)]
    const change = packetise(PMT_PID, 1, videoOn(0x200, 1))
    const good = checkPackets([...start, ...change, frame(0x200, 0, IDR)])
    expect(good).toMatchObject({ pmtChanges: 1, pmtChangesUnderSameVersion: 0, videoPid: 0x200 })
    expect(good).toMatchObject({ keyframes: 2, splicesOffKeyframe: 0 })
    expect(checkPackets([...start, ...change, frame(0x200, 0, SLICE)])).toMatchObject({
      splicesOffKeyframe: 1,
    })
  })

  it("tells a PMT that changes without a new version", () => {
    const report = checkPackets([
      ...packetise(0, 0, pat),
      ...packetise(PMT_PID, 0, videoOn(0x100)),
      ...packetise(PMT_PID, 1, videoOn(0x200)),
    ])
    expect(report).toMatchObject({ pmtChanges: 1, pmtChangesUnderSameVersion: 1 })
  })

  it("follows a PAT that replaces the programme", () => {
    const next = buildPat([{ programme: 2, pmtPid: 0x1001 }], 1)
    const film = buildPmt({ programme: 2, pcrPid: 0x200, streams: [{ pid: 0x200, streamType: H264 }] })
    const report = checkPackets([
      ...packetise(0, 0, pat),
      ...packetise(PMT_PID, 0, videoOn(0x100)),
      frame(0x100, 0),
      ...packetise(0, 1, next),
      ...packetise(0x1001, 0, film),
      frame(0x200, 0),
    ])
    expect(report).toMatchObject({
      patChanges: 1,
      programmes: 1,
      videoPid: 0x200,
      keyframes: 2,
      tablesFirst: true,
    })
  })

  it("believes no table with a wrong checksum", () => {
    const damaged = Buffer.from(videoOn(0x100))
    damaged.writeUInt8(damaged.readUInt8(12) ^ 0x01, 12)
    const report = checkPackets([...packetise(0, 0, pat), ...packetise(PMT_PID, 0, damaged), frame(0x100, 0)])
    expect(report).toMatchObject({ tableCrcErrors: 1, tablesFirst: false, streams: {} })
  })

  it("needs two sync bytes a packet apart to go on", () => {
    const tables = [...packetise(0, 0, pat), ...packetise(PMT_PID, 0, videoOn(0x100))]
    const lone = Buffer.alloc(100, 0x47)
    lone.fill(0, 1)
    const stream = Buffer.concat([join(breakSync(tables, 1)), lone, join([frame(0x100, 0), frame(0x100, 1)])])
    expect(check(stream)).toMatchObject({ packets: 3, syncLosses: 1, skippedBytes: 288, ccErrors: 0 })
  })
})
