import { describe, expect, it } from "vitest"
import { NULL_PID } from "./packet.ts"
import { edit, markScrambled, type Packets } from "./test-support/break-packets.ts"
import { buildPat, buildPmt, packetise, pesPacket } from "./test-support/build-tables.ts"
import { checkPackets, nth } from "./test-support/check-whole.ts"

const PID = 0x100
const [MPEG2, H264, HEVC] = [0x02, 0x1b, 0x24]

const tables = (streamType: number): Packets => [
  ...packetise(0, 0, buildPat([{ programme: 1, pmtPid: 0x1000 }])),
  ...packetise(0x1000, 0, buildPmt({ programme: 1, pcrPid: NULL_PID, streams: [{ pid: PID, streamType }] })),
]
const unit = (counter: number, ...data: readonly number[]) =>
  pesPacket(PID, counter, { dts90kHz: 3000 * counter, data })
const startCode = (code: number) => [0, 0, 1, code]
const IDR = startCode(0x65)
const SLICE = startCode(0x41)

describe("a keyframe", () => {
  it.each([
    ["H.264 IDR", H264, startCode(0x65), true],
    ["H.264 SPS", H264, startCode(0x67), true],
    ["H.264 SEI, then SPS", H264, [...startCode(0x06), ...startCode(0x67)], true],
    ["H.264 slice", H264, startCode(0x41), false],
    ["H.264 slice, then an IDR of which it is no part", H264, [...SLICE, ...IDR], false],
    ["HEVC VPS", HEVC, startCode(32 << 1), true],
    ["HEVC BLA", HEVC, startCode(16 << 1), true],
    ["HEVC CRA", HEVC, startCode(21 << 1), true],
    ["HEVC trailing slice", HEVC, startCode(1 << 1), false],
    ["HEVC leading slice", HEVC, startCode(9 << 1), false],
    ["MPEG-2 sequence header", MPEG2, startCode(0xb3), true],
    ["MPEG-2 group of pictures, then picture", MPEG2, [...startCode(0xb8), ...startCode(0x00)], false],
    ["MPEG-2 picture", MPEG2, startCode(0x00), false],
    ["a byte 1 that ends no start code", H264, [0x01, 0x65, ...SLICE], false],
  ])("is told by %s", (_, streamType, data, expected) => {
    const report = checkPackets([...tables(streamType), unit(0, ...data)])
    expect(report).toMatchObject({ startsOnKeyframe: expected, keyframes: expected ? 1 : 0, malformedPes: 0 })
  })

  it("is told by a start code that lies across two packets", () => {
    const head = unit(0)
    head.set([0, 0], 186)
    const tail = Buffer.alloc(188, 0xff)
    tail.set([0x47, 0x01, 0x00, 0x11, 0x01, 0x65])
    expect(checkPackets([...tables(H264), head, tail])).toMatchObject({
      startsOnKeyframe: true,
      keyframes: 1,
    })
  })

  it("is not what came first when the first unit ended without telling", () => {
    const report = checkPackets([...tables(H264), unit(0), unit(1, ...IDR)])
    expect(report).toMatchObject({ startsOnKeyframe: false, keyframes: 1 })
  })

  it("is not asked for by a discontinuity before the first frame, which startsOnKeyframe judges", () => {
    const announced = Buffer.from(unit(0, ...SLICE))
    announced.copyWithin(6, 4, 186)
    announced.set([0x30, 1, 0x80], 3)
    const report = checkPackets([...tables(H264), announced])
    expect(report).toMatchObject({ discontinuities: 1, startsOnKeyframe: false, splicesOffKeyframe: 0 })
  })
})

describe("a unit of an elementary stream", () => {
  const broken = edit([...tables(H264), unit(0, ...IDR)], 2, (packet) => void packet.writeUInt8(7, 4))

  it("must begin with a PES header, unless it is scrambled", () => {
    expect(checkPackets(broken)).toMatchObject({ malformedPes: 1, startsOnKeyframe: false })
    expect(checkPackets(markScrambled(broken, 2))).toMatchObject({ malformedPes: 0, scrambled: 1 })
  })

  it("may be of a kind that has a short header", () => {
    const padding = Buffer.from(nth([unit(0)], 0))
    padding.set([0xbe, 0, 10, 0xff, 0xff, 0xff, 0xff], 7)
    expect(checkPackets([...tables(H264), padding])).toMatchObject({ malformedPes: 0, ptsJumps: 0 })
  })
})
