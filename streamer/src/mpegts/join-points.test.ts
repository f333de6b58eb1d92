import { describe, expect, it } from "vitest"
import { join, type Packets } from "../../../infra/e2e/player/test-support/break-packets.ts"
import {
  buildPat,
  buildPmt,
  packetise,
  pesPacket,
} from "../../../infra/e2e/player/test-support/build-tables.ts"
import { JoinPointFinder } from "./join-points.ts"
import { counterOf, packetBytes, pidOf } from "./packet.ts"

const pmtPid = 0x1000
const videoPid = 0x100
const audioPid = 0x101
const h264 = 27
const aac = 0x0f

const pat = (counter = 0, pids = [pmtPid]) =>
  packetise(0, counter, buildPat(pids.map((pid, index) => ({ programme: index + 1, pmtPid: pid }))))
type Listed = readonly [pid: number, streamType: number]
const ordinary: readonly Listed[] = [
  [videoPid, h264],
  [audioPid, aac],
]
const pmt = (counter = 0, streams = ordinary, pid = pmtPid) =>
  packetise(
    pid,
    counter,
    buildPmt({
      programme: 1,
      pcrPid: videoPid,
      streams: streams.map(([elementary, streamType]) => ({ pid: elementary, streamType })),
    }),
  )
const tables = [...pat(), ...pmt()]
const unit = (type: number) => [0, 0, 1, type, 0x88]
const key = unit(0x65)
const slice = unit(0x41)
const delimiter = unit(0x09)
/** A PES packet that begins with these units. */
const picture = (data: readonly number[], pid = videoPid, counter = 0) =>
  pesPacket(pid, counter, { dts90kHz: 0, data })

/** A packet that starts a PES packet and ends it with `data`, after an adaptation field that fills it up. */
function short(data: readonly number[], start = true): Buffer {
  const packet = Buffer.alloc(packetBytes, 0xff)
  const head = start ? [0, 0, 1, 0xe0, 0, 0, 0x80, 0, 0] : []
  const payload = [...head, ...data]
  packet.set([0x47, (start ? 0x40 : 0) | (videoPid >> 8), videoPid & 0xff, 0x30, 183 - payload.length, 0])
  packet.set(payload, packetBytes - payload.length)
  return packet
}
const goOn = (data: readonly number[]) => short(data, false)

function offsets(finder: JoinPointFinder, ...packets: Packets): number[] {
  return finder.push(join(packets)).map((point) => point.offset / packetBytes)
}
function following(...packets: Packets): JoinPointFinder {
  const finder = new JoinPointFinder()
  finder.push(join(packets.length > 0 ? packets : tables))
  return finder
}

describe("join points", () => {
  it("stand at each keyframe, and at no other picture", () => {
    const stream = [picture(key), picture(slice), picture(key), picture(slice)]
    expect(offsets(following(), ...stream)).toEqual([0, 2])
  })

  it("need no bytes of a picture that sets random_access_indicator", () => {
    const packet = short([])
    packet[5] = 0x40
    expect(offsets(following(), packet)).toEqual([0])
  })

  it("do not stand at keyframes of sound or of a second programme's video", () => {
    const finder = following(...pat(0, [pmtPid, 0x1001]), ...pmt(), ...pmt(0, [[0x200, h264]], 0x1001))
    expect(offsets(finder, picture(key, 0x200), picture(key, audioPid), picture(key))).toEqual([2])
  })

  it("stand at each unit of the sound when there is no video", () => {
    const finder = following(...pat(), ...pmt(0, [[audioPid, aac]]))
    expect(offsets(finder, picture([1, 2, 3], audioPid), picture([4], audioPid))).toEqual([0, 1])
  })

  it("are none before the tables have come", () => {
    expect(offsets(new JoinPointFinder(), picture(key), ...pat(), picture(key))).toEqual([])
  })
})

describe("video that shows no keyframe", () => {
  const slices = (count: number) => Array.from({ length: count }, () => short(slice))

  it("can be joined after some ten seconds of pictures, and not before", () => {
    const finder = following()
    expect(offsets(finder, ...slices(300))).toEqual([])
    expect(offsets(finder, ...slices(302))).toEqual([0, 301])
  })

  it("is waited for anew after each keyframe", () => {
    const finder = following()
    expect(offsets(finder, ...slices(299), short(key), ...slices(300))).toEqual([299])
  })
})

describe("a picture that is decided later", () => {
  it("is found where it began, when the deciding unit comes in a later packet", () => {
    expect(offsets(following(), short(delimiter), goOn(unit(0x06)), goOn(unit(0x67)))).toEqual([0])
  })

  it("is found where a start code is split across packets, at every place", () => {
    for (let cut = 0; cut <= key.length; cut++)
      expect(offsets(following(), short(key.slice(0, cut)), goOn(key.slice(cut))), `cut ${cut}`).toEqual([0])
  })

  it("is found in an earlier chunk, by a negative offset", () => {
    const finder = following()
    expect(offsets(finder, picture(slice), short(delimiter))).toEqual([])
    expect(finder.undecidedOffset).toBe(-packetBytes)
    expect(offsets(finder, goOn([0x00]), picture([1], audioPid))).toEqual([])
    expect(offsets(finder, goOn(key))).toEqual([-3])
    expect(finder.undecidedOffset).toBeNull()
  })

  it("is an ordinary one when the next one begins first", () => {
    expect(offsets(following(), short(delimiter), short(slice), goOn(key))).toEqual([])
  })

  it("is an ordinary one when it never decides", () => {
    const finder = following()
    const silent = Array.from({ length: 100 }, () => goOn(Array.from({ length: 180 }, () => 0xff)))
    expect(offsets(finder, short(delimiter), ...silent, goOn(key))).toEqual([])
  })

  it("is decided by its own stream's bytes when the programme changes meanwhile", () => {
    const finder = following()
    finder.push(join([short(delimiter), ...pmt(1, [[0x200, h264]])]))
    const stray = picture(key, 0x200)
    stray.writeUInt8(0x02, 1)
    expect(offsets(finder, stray)).toEqual([])
  })
})

describe("the tables of a join point", () => {
  const counters = (packets: Buffer, pid: number) =>
    Array.from({ length: packets.length / packetBytes }, (_, index) => index * packetBytes)
      .filter((at) => pidOf(packets, at) === pid)
      .map((at) => counterOf(packets, at))
  const tablesAt = (finder: JoinPointFinder, ...packets: Packets) =>
    finder.push(join(packets)).at(-1)?.tables ?? Buffer.alloc(0)

  it("are PAT and PMT as they stood there, not as they came later", () => {
    const finder = following(...pat(5), ...pmt(9))
    const found = tablesAt(finder, picture(key), ...pat(6), ...pmt(10))
    expect(found).toEqual(join([...pat(5), ...pmt(9)]))
  })

  it("lead on to the next table when half of it has passed", () => {
    const many = Array.from(
      { length: 60 },
      (_, index) => [videoPid + index, index === 0 ? h264 : aac] as const,
    )
    const [first = Buffer.alloc(0), second = Buffer.alloc(0)] = pmt(6, many)
    const finder = following(...pat(), ...pmt(4, many))
    const found = tablesAt(finder, first, picture(key), second)
    expect(counters(found, pmtPid)).toEqual([5, 6])
    expect(counterOf(second, 0)).toBe(7)
  })

  it("lead on past a section of another kind on their PID", () => {
    const other = packetise(pmtPid, 5, Buffer.from([0xfc, 0x30, 0x01, 0x00]))
    const found = tablesAt(following(...pat(), ...pmt(4)), ...other, picture(key))
    expect(counters(found, pmtPid)).toEqual([5])
  })

  it("wrap around with the counter", () => {
    const other = packetise(pmtPid, 0, Buffer.from([0xfc, 0x30, 0x01, 0x00]))
    expect(counters(tablesAt(following(...pat(), ...pmt(15)), ...other, picture(key)), pmtPid)).toEqual([0])
  })
})

describe("a programme that changes", () => {
  it("is followed to its new video", () => {
    const finder = following()
    const changed = pmt(1, [[0x200, 36]])
    expect(offsets(finder, ...changed, picture(key), picture(unit(0x40), 0x200))).toEqual([2])
    expect(finder.streams).toEqual([{ pid: 0x200, type: 36, video: "hevc" }])
  })

  it("gives no join point between a PAT that drops it and the new PMT", () => {
    const finder = following()
    const moved = pat(1, [0x1001])
    const stream = [...moved, picture(key), ...pmt(0, [[videoPid, h264]], 0x1001), picture(key)]
    expect(offsets(finder, ...stream)).toEqual([3])
  })
})
