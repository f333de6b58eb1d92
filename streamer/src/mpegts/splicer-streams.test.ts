import { describe, expect, it } from "vitest"
import { join } from "../../../infra/e2e/player/test-support/break-packets.ts"
import { packetBytes } from "./packet.ts"
import { readTables } from "./splice/read-output-fixture.ts"
import { faultless, faultsIn } from "./splice/splice-fixture.ts"
import {
  aac,
  goOn,
  h264,
  hevc,
  mp2,
  privateData,
  type TinyFeed,
  tinyFeed,
} from "./splice/tiny-feed-fixture.ts"
import { Splicer } from "./splicer.ts"

/** The feeds one after the other, each an hour apart on its own clock; what came out of each. */
function outputs(...feeds: readonly TinyFeed[]): Buffer[] {
  const splicer = new Splicer()
  return feeds.map((feed, index) => {
    if (index > 0) splicer.seam("feed")
    return Buffer.from(splicer.push(join(tinyFeed({ dts90kHz: (index + 1) * 1e8, ...feed })), index * 1000))
  })
}

/** The streams of the last feed, as the last PMT lists them. */
function listed(...feeds: readonly TinyFeed[]): [pid: number, type: number][] {
  const out = Buffer.concat(outputs(...feeds))
  const { ptsJumps, ...faults } = faultsIn(out)
  expect({ ...faults, ptsJumps: 0 }).toEqual(faultless())
  const streams = readTables(out).pmts.at(-1)?.streams ?? []
  return streams.map(({ pid, streamType }) => [pid, streamType])
}

describe("the first feed", () => {
  const feed = {
    streams: [
      { pid: 0x100, type: h264 },
      { pid: 0x101, type: aac },
    ],
  }

  it("passes byte for byte from its join point on, and is not copied", () => {
    const splicer = new Splicer()
    const stream = tinyFeed(feed)
    const original = join(stream)
    splicer.push(join(stream.slice(0, 12)), 0)
    const rest = join(stream.slice(12))
    const out = splicer.push(rest, 0)
    expect(out.buffer).toBe(rest.buffer)
    expect(out.equals(original.subarray(12 * packetBytes))).toBe(true)
  })

  it("passes with all of its programmes, and tables of other kinds", () => {
    const other = tinyFeed({ streams: [{ pid: 0x200, type: h264 }], pcrPid: 0x1fff }).filter(
      (packet) => packet.readUInt16BE(1) % 0x2000 === 0x200,
    )
    const sdt = Buffer.concat([Buffer.from([0x47, 0x40, 0x11, 0x10]), Buffer.alloc(184, 0xff)])
    // Without the clock, which comes before the keyframe, and with it before the join point.
    const stream = Buffer.concat([...tinyFeed({ ...feed, pcrPid: 0x1fff }), ...other, sdt])
    const out = new Splicer().push(Buffer.from(stream), 0)
    expect(out.equals(stream)).toBe(true)
  })

  it("begins with tables and the keyframe, and drops what continues units that began before", () => {
    const [pat, pmt, key, ...rest] = tinyFeed({ ...feed, pcrPid: 0x1fff })
    const stray = goOn(0x101, 0x0f, 1)
    const wanted = [pat, pmt, key, ...rest].filter((packet) => packet !== undefined)
    const given = [goOn(0x100, 15, 1), stray, pat, stray, pmt, stray, key, stray, ...rest, stray]
    const out = new Splicer().push(join(given.filter((packet) => packet !== undefined)), 0)
    expect(out.equals(join([...wanted, stray]))).toBe(true)
  })
})

describe("the streams of a later feed", () => {
  const first: TinyFeed = {
    streams: [
      { pid: 0x100, type: h264 },
      { pid: 0x101, type: aac, language: "eng" },
      { pid: 0x102, type: aac, language: "ger" },
    ],
  }

  it("go where the first feed's of the same kind went, whatever their PIDs and order", () => {
    const later = {
      streams: [
        { pid: 0x55, type: aac, language: "fra" },
        { pid: 0x102, type: h264 },
      ],
      pcrPid: 0x102,
    }
    expect(listed(first, later)).toEqual([
      [0x101, aac],
      [0x100, h264],
    ])
  })

  it("go by language first", () => {
    const later = {
      streams: [
        { pid: 0x100, type: h264 },
        { pid: 0x200, type: aac, language: "ita" },
        { pid: 0x201, type: aac, language: "ger" },
        { pid: 0x202, type: aac, language: "fra" },
      ],
    }
    expect(listed(first, later)).toEqual([
      [0x100, h264],
      [0x101, aac],
      [0x102, aac],
      [0x202, aac],
    ])
  })

  it("get a PID that was never used when there was no such codec", () => {
    const later = {
      streams: [
        { pid: 0x100, type: hevc },
        { pid: 0x101, type: mp2 },
      ],
    }
    const pids = listed(first, later)
    expect(pids.map(([, type]) => type)).toEqual([hevc, mp2])
    for (const [pid] of pids) expect([0, 0x100, 0x101, 0x102, 0x1000]).not.toContain(pid)
  })

  it("find the PIDs of the feed before the last one again", () => {
    const radio = { streams: [{ pid: 0x100, type: mp2 }] }
    expect(
      listed(first, radio, {
        streams: [
          { pid: 0x300, type: h264 },
          { pid: 0x301, type: aac, language: "ger" },
        ],
      }),
    ).toEqual([
      [0x100, h264],
      [0x102, aac],
    ])
  })

  it("are told apart by what private data hold", () => {
    const data = (pid: number, tag: number) => ({ pid, type: privateData, descriptors: [tag, 1, 0] })
    const video = { pid: 0x100, type: h264 }
    const one = { streams: [video, data(0x110, 0x6a), data(0x111, 0x59)] }
    const other = { streams: [video, data(0x110, 0x59), data(0x111, 0x6a), data(0x112, 0x56)] }
    expect(listed(one, other).map(([pid]) => pid)).toEqual([0x100, 0x111, 0x110, 0x112])
  })

  it("keep a clock on a PID of its own", () => {
    const own = { streams: [{ pid: 0x100, type: h264 }], pcrPid: 0x1f0 }
    const other = { streams: [{ pid: 0x1f0, type: h264 }], pcrPid: 0x100 }
    const out = Buffer.concat(outputs(own, other))
    expect(faultsIn(out)).toMatchObject({ ccErrors: 0, pcrJumps: 0, orphanPackets: 0 })
    expect(readTables(out).pmts.at(-1)).toMatchObject({ pcrPid: 0x1f0, streams: [{ pid: 0x100 }] })
  })

  it("may be more than there are PIDs for hostile feeds", () => {
    const splicer = new Splicer()
    for (let type = 0x80; type < 0xff; type++) {
      const streams = Array.from({ length: 180 }, (_, index) => ({
        pid: 0x20 + index,
        type: (type + index) & 0xff,
      }))
      splicer.push(join(tinyFeed({ streams: [{ pid: 0x1ff, type: h264 }, ...streams], frames: 1 })), 0)
      splicer.seam("discontinuity")
    }
    expect(splicer.isWaiting).toBe(true)
  })
})
