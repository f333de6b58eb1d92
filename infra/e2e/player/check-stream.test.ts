import { describe, expect, it } from "vitest"
import { isRandomAccess } from "./packet.ts"
import {
  breakSync,
  drop,
  edit,
  garbage,
  indexesOf,
  insert,
  join,
  markError,
  markScrambled,
  nullPacket,
  packetsOf,
  payloadIndexes,
} from "./test-support/break-packets.ts"
import {
  AUDIO_PID,
  CLEAN,
  check,
  checkPackets,
  makeSubject,
  nth,
  VIDEO_PID,
} from "./test-support/check-whole.ts"
import { canEncodeHevc, KEYFRAMES, type Kind, makeStream, SECONDS } from "./test-support/make-stream.ts"

const hevc = await canEncodeHevc()
const { packets, good, video, frames, keyframes } = await makeSubject()

describe("good streams", () => {
  const cases: [Kind, Record<number, string>, boolean][] = [
    ["h264", { [VIDEO_PID]: "h264", [AUDIO_PID]: "aac" }, true],
    ["mpeg2", { [VIDEO_PID]: "mpeg2video", [AUDIO_PID]: "mp2" }, true],
    ["hevc", { [VIDEO_PID]: "hevc", [AUDIO_PID]: "ac3" }, true],
    ["audio", { [VIDEO_PID]: "mp2" }, false],
  ]
  it.each(cases)("finds nothing wrong with %s", async (kind, streams, video) => {
    if (kind === "hevc" && !hevc) return console.warn("skipped: this ffmpeg has no libx265")
    const stream = await makeStream(kind)
    const report = check(stream)
    expect(report).toMatchObject({
      ...CLEAN,
      streams,
      bytes: stream.length,
      packets: stream.length / 188,
      startsOnKeyframe: video ? true : null,
      keyframes: video ? KEYFRAMES : 0,
      keyframeMs: video ? 0 : null,
      videoPid: video ? VIDEO_PID : null,
    })
    expect(report.mediaSeconds).toBeGreaterThan(SECONDS - 0.3)
    expect(report.mediaSeconds).toBeLessThan(SECONDS + 0.3)
  })

  it.each(["h264", "mpeg2", "hevc"] as const)(
    "finds the keyframes of %s without their flag",
    async (kind) => {
      if (kind === "hevc" && !hevc) return console.warn("skipped: this ffmpeg has no libx265")
      const packets = packetsOf(await makeStream(kind))
      const flagged = indexesOf(packets, isRandomAccess)
      expect(flagged.length).toBeGreaterThanOrEqual(KEYFRAMES)
      const unflagged = flagged.reduce(
        (all, index) => edit(all, index, (packet) => void packet.writeUInt8(packet.readUInt8(5) & 0xbf, 5)),
        packets,
      )
      expect(checkPackets(unflagged)).toMatchObject({
        ...CLEAN,
        startsOnKeyframe: true,
        keyframes: KEYFRAMES,
      })
    },
  )
})

describe("framing", () => {
  it.each([1, 7, 187, 188, 189, 1316, 4099])("is judged the same in chunks of %i bytes", (size) => {
    const broken = breakSync(drop(packets, [nth(video, 50)]), 200)
    expect(check(join(broken), size)).toEqual({ ...check(join(broken)), arrivalBitsPerSecond: null })
  })

  it("loses one packet and sync once where a sync byte is wrong", () => {
    const report = checkPackets(breakSync(packets, nth(video, 50)))
    expect(report).toMatchObject({
      syncLosses: 1,
      skippedBytes: 188,
      ccErrors: 1,
      packets: packets.length - 1,
    })
  })

  it("finds its way back after garbage", () => {
    const stream = join(insert(packets, nth(video, 50), garbage(500)))
    expect(check(stream)).toMatchObject({
      ...good,
      bytes: stream.length,
      syncLosses: 1,
      skippedBytes: 500,
      mediaBitsPerSecond: expect.any(Number),
    })
  })

  it("tells a start in mid-packet", () => {
    const report = check(join(packets).subarray(90))
    expect(report).toMatchObject({
      aligned: false,
      syncLosses: 0,
      skippedBytes: 98,
      packets: packets.length - 1,
    })
  })

  it("tells an end in mid-packet", () => {
    const report = check(join(packets).subarray(0, 188 * 100 + 60))
    expect(report).toMatchObject({ packets: 100, partialPacketBytes: 60, syncLosses: 0 })
  })

  it("counts null packets, errors and scrambling", () => {
    const padded = insert(packets, 100, nullPacket(), nullPacket(), nullPacket())
    const report = checkPackets(markScrambled(markError(markError(padded, 10), 20), 30))
    expect(report).toMatchObject({ nullPackets: 3, tei: 2, scrambled: 1, ccErrors: 0 })
  })

  it("knows nothing before the first byte", () => {
    expect(check(Buffer.alloc(0))).toMatchObject({
      ...{ aligned: null, tablesFirst: null, startsOnKeyframe: null, firstByteMs: null, mediaSeconds: 0 },
      ...{ maxGapAtMs: null, mediaBitsPerSecond: null, arrivalBitsPerSecond: null },
    })
  })
})

describe("the start of a stream", () => {
  it("tells that tables do not come first", () => {
    const report = checkPackets(packets.slice(nth(video, 0)))
    expect(report).toMatchObject({ tablesFirst: false, aligned: true })
    expect(report.startsOnKeyframe).toBe(false)
  })

  it.each([
    ["PAT", 0],
    ["PMT", 0x1000],
  ])("tells that the %s alone is missing", (_, pid) => {
    const report = checkPackets(drop(packets, [nth(payloadIndexes(packets, pid), 0)]))
    expect(report.tablesFirst).toBe(false)
  })

  it("tells a start off a keyframe", () => {
    const tables = packets.slice(0, nth(video, 0))
    const report = checkPackets([...tables, ...packets.slice(nth(frames, 10))])
    expect(report).toMatchObject({ tablesFirst: true, startsOnKeyframe: false, keyframes: KEYFRAMES - 1 })
  })

  it("tells a start in mid-frame, though a keyframe is the first whole one", () => {
    const tables = packets.slice(0, nth(video, 0))
    const before = nth(video, video.indexOf(nth(keyframes, 1)) - 1)
    const report = checkPackets([...tables, ...packets.slice(before)])
    expect(report).toMatchObject({ tablesFirst: true, startsOnKeyframe: true })
    expect(report.orphanPackets).toBeGreaterThanOrEqual(1)
  })

  it("cannot judge a first frame of which only the head came", () => {
    const bare = edit(packets.slice(0, nth(video, 0) + 1), nth(video, 0), (packet) => {
      packet.writeUInt8(packet.readUInt8(5) & 0xbf, 5)
      // Behind the PES header, so that no start code of the elementary stream is left.
      const pes = 5 + packet.readUInt8(4)
      packet.fill(0xff, pes + 9 + packet.readUInt8(pes + 8))
    })
    expect(checkPackets(bare)).toMatchObject({ tablesFirst: true, startsOnKeyframe: null, keyframes: 0 })
  })
})
