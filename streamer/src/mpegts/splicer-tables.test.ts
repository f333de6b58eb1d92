import { describe, expect, it } from "vitest"
import { join } from "../../../infra/e2e/player/test-support/break-packets.ts"
import { buildPat, packetise } from "../../../infra/e2e/player/test-support/build-tables.ts"
import { readOutput, readTables } from "./splice/read-output-fixture.ts"
import { faultless, faultsIn } from "./splice/splice-fixture.ts"
import { aac, h264, hevc, mp2, type TinyFeed, tinyFeed } from "./splice/tiny-feed-fixture.ts"
import { Splicer } from "./splicer.ts"

/** The feeds one after the other, each an hour apart on its own clock; what came out of each. */
function outputs(...feeds: readonly TinyFeed[]): Buffer[] {
  const splicer = new Splicer()
  return feeds.map((feed, index) => {
    if (index > 0) splicer.seam("feed")
    return Buffer.from(splicer.push(join(tinyFeed({ dts90kHz: (index + 1) * 1e8, ...feed })), index * 1000))
  })
}

describe("the tables after a splice", () => {
  const first: TinyFeed = {
    streams: [
      { pid: 0x100, type: h264 },
      { pid: 0x101, type: aac, language: "eng" },
    ],
    programme: 5,
    pmtPid: 0x50,
    streamId: 9,
    version: 3,
  }

  it("keep the first feed's identity", () => {
    const later = {
      ...first,
      programme: 8,
      pmtPid: 0x100,
      streamId: 2,
      streams: [
        { pid: 0x60, type: h264 },
        { pid: 0x61, type: aac, language: "eng" },
      ],
      version: 17,
    }
    const out = Buffer.concat(outputs(first, later))
    const { pats, pmts } = readTables(out)
    for (const { programmes, version } of pats)
      expect({ programmes, version }).toEqual({ programmes: [{ programme: 5, pmtPid: 0x50 }], version: 3 })
    expect(pmts.length).toBeGreaterThan(3)
    for (const pmt of pmts) expect(pmt).toEqual(pmts[0])
    expect(
      readOutput(out)
        .filter(({ pid }) => pid === 0)
        .every(({ bytes }) => bytes.readUInt16BE(8) === 9),
    ).toBe(true)
  })

  it("have another version whenever they say something else, and only then", () => {
    const more = { ...first, streams: [...first.streams, { pid: 0x102, type: mp2 }] }
    const versions = readTables(Buffer.concat(outputs(first, more, more, first))).pmts.map(
      ({ version }) => version,
    )
    expect([...new Set(versions)]).toEqual([3, 4, 5])
    expect(versions).toEqual(versions.toSorted((one, other) => one - other))
  })

  it("keep descriptors, and span packets", () => {
    const many = {
      streams: [
        { pid: 0x100, type: h264 },
        ...Array.from({ length: 40 }, (_, index) => ({
          pid: 0x200 + index,
          type: mp2,
          language: `x${index + 10}`,
        })),
      ],
    }
    const [, out = Buffer.alloc(0)] = outputs(first, many)
    const pmt = readTables(out).pmts[0]
    expect(pmt?.streams).toHaveLength(41)
    expect(out.includes("x49")).toBe(true)
    expect(faultsIn(Buffer.concat(outputs(first, many, first, many)))).toMatchObject({
      ccErrors: 0,
      tableCrcErrors: 0,
      orphanPackets: 0,
      pmtChangesUnderSameVersion: 0,
    })
  })

  it("list one programme, though the feed has more", () => {
    const out = outputs(first, first).at(-1) ?? Buffer.alloc(0)
    const stray = tinyFeed({ streams: [{ pid: 0x300, type: h264 }] }).filter(
      (packet) => packet.readUInt16BE(1) % 0x2000 === 0x300,
    )
    const splicer = new Splicer()
    splicer.push(join(tinyFeed(first)), 0)
    splicer.seam("feed")
    splicer.push(join(tinyFeed(first)), 0)
    expect(splicer.push(join(stray), 0)).toHaveLength(0)
    expect(new Set(readOutput(out).map(({ pid }) => pid))).toEqual(new Set([0, 0x50, 0x100, 0x101]))
  })

  it("follow a feed that changes its programme on its way", () => {
    const splicer = new Splicer()
    const base = { pmtPid: 0x70, programme: 2 }
    const video = { pid: 0x300, type: h264 }
    const parts = [
      tinyFeed(first),
      tinyFeed({ ...base, streams: [video], dts90kHz: 1e8, frames: 5 }),
      tinyFeed({
        ...base,
        version: 1,
        streams: [video, { pid: 0x301, type: aac, language: "eng" }, { pid: 0x302, type: mp2 }],
        dts90kHz: 1e8 + 5 * 3600,
        frames: 5,
      }),
      tinyFeed({
        ...base,
        version: 2,
        streams: [video, { pid: 0x302, type: mp2 }],
        dts90kHz: 1e8 + 10 * 3600,
        frames: 5,
      }),
    ]
    const out = parts.map((packets, index) => {
      if (index === 1) splicer.seam("feed")
      if (index > 1) splicer.seam("segment")
      return Buffer.from(splicer.push(join(packets), index * 100))
    })
    const pids = out.map((part) =>
      readTables(part)
        .pmts.at(-1)
        ?.streams.map(({ pid }) => pid),
    )
    expect(pids).toEqual([[0x100, 0x101], [0x100], [0x100, 0x101, 0x302], [0x100, 0x302]])
    expect(faultsIn(Buffer.concat(out))).toEqual(faultless())
  })

  /** Parts of one feed behind a first one, each with its own tables, pushed without a seam. */
  function follow(...parts: readonly Partial<TinyFeed>[]): Buffer[] {
    const splicer = new Splicer()
    splicer.push(join(tinyFeed(first)), 0)
    splicer.seam("feed")
    return parts.map((part, index) => {
      const streams = [{ pid: 0x300, type: h264 }]
      const dts90kHz = 1e8 + index * 5 * 3600
      if (index > 0) splicer.seam("segment")
      return Buffer.from(splicer.push(join(tinyFeed({ streams, dts90kHz, frames: 5, ...part })), index))
    })
  }
  const unitsOn = (out: Buffer | undefined, pid: number) =>
    readOutput(out ?? Buffer.alloc(0)).filter((packet) => packet.pid === pid && packet.startsUnit).length

  it("leave a feed's streams where they are when it only lists them in another order", () => {
    const [video, one, other] = [0x300, 0x301, 0x302].map((pid, index) => ({
      pid,
      type: index === 0 ? h264 : mp2,
    }))
    if (video === undefined || one === undefined || other === undefined) return
    const out = follow({ streams: [video, one, other] }, { streams: [video, other, one], version: 1 })
    const [before, after] = out.map((part) =>
      readTables(part)
        .pmts.at(-1)
        ?.streams.map(({ pid }) => pid),
    )
    expect(after).toEqual([before?.[0], before?.[2], before?.[1]])
  })

  it("follow a feed whose PMT moves to another PID", () => {
    const out = follow({ pmtPid: 0x40 }, { pmtPid: 0x41, streams: [{ pid: 0x310, type: h264 }] })
    expect(out.map((part) => unitsOn(part, 0x100))).toEqual([5, 5])
    for (const part of out)
      expect(readTables(Buffer.concat([...out, part])).pmts.at(-1)?.streams).toHaveLength(1)
  })

  it("follow the first feed's PMT to another PID, and keep it there", () => {
    const splicer = new Splicer()
    const moved = { ...first, pmtPid: 0x51, version: 4 }
    const all = [
      tinyFeed(first),
      tinyFeed({ ...moved, dts90kHz: 936_000 }),
      tinyFeed({ ...first, dts90kHz: 1e8 }),
    ]
    const out = all.map((packets, index) => {
      if (index > 0) splicer.seam(index === 1 ? "segment" : "feed")
      return Buffer.from(splicer.push(join(packets), index))
    })
    expect(readTables(Buffer.concat(out)).pats.at(-1)?.programmes).toEqual([{ programme: 5, pmtPid: 0x51 }])
    expect(faultsIn(Buffer.concat(out))).toMatchObject({ ccErrors: 0, orphanPackets: 0 })
  })

  it("are of one programme where two have their PMTs on the same PID", () => {
    const other = tinyFeed({ programme: 2, pmtPid: 0x40, streams: [{ pid: 0x400, type: hevc }] })
    const feed = tinyFeed({
      programme: 1,
      pmtPid: 0x40,
      streams: [{ pid: 0x300, type: h264 }],
      dts90kHz: 1e8,
    })
    const pat = packetise(
      0,
      0,
      buildPat([
        { programme: 1, pmtPid: 0x40 },
        { programme: 2, pmtPid: 0x40 },
      ]),
    )
    const [, pmt, ...rest] = feed
    const own = rest.filter((packet) => packet.readUInt16BE(1) % 0x2000 !== 0)
    const given = [...pat, pmt, ...own.slice(0, 4), ...other.slice(1, 2), ...own.slice(4)]
    const splicer = new Splicer()
    splicer.push(join(tinyFeed(first)), 0)
    splicer.seam("feed")
    const out = splicer.push(join(given.filter((packet) => packet !== undefined)), 1000)
    expect(unitsOn(out, 0x100)).toBe(10)
    for (const { streams } of readTables(out).pmts)
      expect(streams).toEqual([{ pid: 0x100, streamType: h264 }])
  })

  it("give no stream a PID on which something unlisted was sent", () => {
    const splicer = new Splicer()
    const stray = tinyFeed({ streams: [{ pid: 0x300, type: h264 }] }).slice(3, 5)
    splicer.push(join([...tinyFeed(first), ...stray]), 0)
    splicer.seam("feed")
    const later = { streams: [{ pid: 0x300, type: hevc }], dts90kHz: 1e8 }
    const out = splicer.push(join(tinyFeed(later)), 1000)
    expect(readTables(out).pmts[0]?.streams[0]?.pid).not.toBe(0x300)
  })
})
