import { describe, expect, it } from "vitest"
import { seededRandom } from "../../../infra/e2e/player/test-support/seeded-random.ts"
import { packetBytes, pidOf } from "../mpegts/packet.ts"
import { judge, makeFeeds } from "../mpegts/splice/splice-fixture.ts"
import { Splicer } from "../mpegts/splicer.ts"
import { cutAll, joinedFrames, makeLong, makeRadio, probeSegment } from "./segments-fixture.ts"

// Five seconds before the 33 bits of its times are full.
const wrap = ["-output_ts_offset", String(2 ** 33 / 90_000 - 5)]
const streams = {
  "1 s": await makeLong({ seconds: 12, gopSeconds: 1 }),
  "2 s": await makeLong({ seconds: 12, gopSeconds: 2 }),
  "3 s, through the wrap": await makeLong({ seconds: 12, gopSeconds: 3, more: wrap }),
}

const tablePids = [0, 0x1000]
const lastPid = (data: Buffer) => pidOf(data, data.length - packetBytes)

describe.each(Object.entries(streams))("a stream with keyframes each %s", (_, stream) => {
  const cuts = cutAll(stream, seededRandom(stream.length))

  it("is cut into segments that begin with tables and a keyframe, and decode alone", async () => {
    expect(cuts.length).toBeGreaterThanOrEqual(4)
    for (const cut of cuts) {
      expect(pidOf(cut.data, 0)).toBe(0)
      // Tables belong to what comes behind them.
      expect(tablePids).not.toContain(lastPid(cut.data))
      expect(judge(cut.data)).toMatchObject({ tablesFirst: true, startsOnKeyframe: true, ccErrors: 0 })
      const probe = await probeSegment(cut.data)
      expect(probe).toMatchObject({ startsAtKeyframe: true, complaints: "" })
    }
  })

  it("says how long each of them is, within 50 ms", async () => {
    for (const { data, seconds } of cuts) {
      const { packets } = await probeSegment(data)
      expect(Math.abs(packets / 25 - seconds)).toBeLessThan(0.05)
    }
  })

  it("is whole when they are joined: no packet is missing, and no counter jumps", async () => {
    expect(await joinedFrames(cuts)).toBe("300")
    expect(judge(Buffer.concat(cuts.map(({ data }) => data)))).toMatchObject({
      ...{ ccErrors: 0, pcrJumps: 0, dtsBackwards: 0, orphanPackets: 0, malformedPes: 0 },
      keyframes: expect.any(Number),
    })
  })

  it("has one target duration, which no segment exceeds", () => {
    expect(new Set(cuts.map(({ targetSeconds }) => targetSeconds)).size).toBe(1)
    for (const { seconds, targetSeconds } of cuts)
      expect(Math.round(seconds)).toBeLessThanOrEqual(targetSeconds)
    expect(cuts.some(({ isDiscontinuous }) => isDiscontinuous)).toBe(false)
  })
})

describe("segments", () => {
  it("are as long as their groups of pictures, of some two seconds", () => {
    const lengths = Object.values(streams).map((stream) => {
      const [first] = cutAll(stream, seededRandom(7))
      return [first?.seconds, first?.targetSeconds]
    })
    expect(lengths).toEqual([
      [2, 2],
      [2, 2],
      [3, 3],
    ])
  })

  it("of a stream without pictures begin with any unit of its sound", async () => {
    const cuts = cutAll(await makeRadio(11), seededRandom(3))
    expect(cuts.length).toBeGreaterThanOrEqual(4)
    for (const { data, seconds, targetSeconds } of cuts.slice(0, -1)) {
      expect(targetSeconds).toBe(2)
      expect(seconds).toBeGreaterThanOrEqual(1.8)
      expect(Math.round(seconds)).toBe(2)
      const { packets, complaints } = await probeSegment(data, "a:0")
      expect(Math.abs((packets * 1024) / 44_100 - seconds)).toBeLessThan(0.05)
      expect(complaints).toBe("")
    }
  })

  it("of keyframes each 10 s do not wait for them: they have their tables, and all is there", async () => {
    const cuts = cutAll(await makeLong({ seconds: 24, gopSeconds: 10 }), seededRandom(5))
    expect(cuts.map(({ targetSeconds }) => targetSeconds)).toEqual(cuts.map(() => 6))
    for (const { data, seconds } of cuts) {
      expect(Math.round(seconds)).toBeLessThanOrEqual(6)
      expect(judge(data)).toMatchObject({ tablesFirst: true, ccErrors: 0 })
    }
    // Each keyframe begins one.
    const starts = await Promise.all(
      cuts.map(async ({ data }) => (await probeSegment(data)).startsAtKeyframe),
    )
    expect(starts.filter((isKey) => isKey)).toHaveLength(3)
    expect(await joinedFrames(cuts)).toBe("600")
    expect(cuts.reduce((sum, { seconds }) => sum + seconds, 0)).toBeCloseTo(24, 1)
  })

  it("after a failover begin where it was, with the tables of the next feed", async () => {
    const feeds = await makeFeeds(["plain", "moved"])
    const splicer = new Splicer()
    const parts = [...Array<"plain" | "moved">(3).fill("plain"), ...Array<"plain" | "moved">(3).fill("moved")]
    const out = parts.map((name, index) => {
      if (index > 0) splicer.seam("feed")
      return Buffer.from(splicer.push(Buffer.from(feeds[name]), index * 5_000))
    })
    const cuts = cutAll(Buffer.concat(out), seededRandom(11))
    // 3 s each: a segment of 2 s, and the rest, which is over with its feed.
    expect(cuts.map(({ isDiscontinuous }) => isDiscontinuous)).toEqual(
      parts.flatMap((_, index) => [index > 0, false]),
    )
    for (const { data, seconds } of cuts) {
      expect(tablePids).not.toContain(lastPid(data))
      expect(judge(data)).toMatchObject({ tablesFirst: true, startsOnKeyframe: true, ccErrors: 0 })
      const { packets, startsAtKeyframe, complaints } = await probeSegment(data)
      expect({ startsAtKeyframe, complaints }).toEqual({ startsAtKeyframe: true, complaints: "" })
      expect(Math.abs(packets / 25 - seconds)).toBeLessThan(0.05)
    }
    expect(judge(Buffer.concat(cuts.map(({ data }) => data)))).toMatchObject({
      ...{ ccErrors: 0, pcrJumps: 0, unannouncedPtsJumps: 0, dtsBackwards: 0 },
    })
  }, 20_000)
})
