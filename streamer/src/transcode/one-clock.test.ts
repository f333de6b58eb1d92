import { log } from "@tributary/shared/log/log"
import type { Recipe } from "@tributary/shared/transcode/transcode-profile"
import { afterEach, describe, expect, it, vi } from "vitest"
import { HlsOutput } from "../hls/hls-output.ts"
import { readStart90kHz } from "../hls/read-start-fixture.ts"
import { makeLong } from "../hls/segments-fixture.ts"
import { Timeline } from "../hls/timeline.ts"
import { ticksBetween } from "../mpegts/clock.ts"
import { packetBytes } from "../mpegts/packet.ts"
import { until } from "../pool/pool-fixture.ts"
import { mostLike, picturesOf, TestFeed } from "./feed-fixture.ts"
import { firstPicture } from "./first-picture.ts"
import type { Transcode } from "./transcode.ts"
import { copy, small, startTranscoding, type Transcoding } from "./transcode-fixture.ts"
import type { TranscodeFrom } from "./transcode-pool.ts"

vi.setConfig({ testTimeout: 60_000, hookTimeout: 60_000 })

const frame90kHz = 3600
const turn = 2 ** 33 / 90_000
const staying = new AbortController().signal
const { audio } = small
const halfRate: Recipe = {
  ...{ kind: "structured", audio },
  video: { codec: "h264", height: 40, bitrate: 60_000, frameRate: 12.5 },
}
const larger: Recipe = {
  ...{ kind: "structured", audio },
  video: { codec: "h264", height: 72, bitrate: 200_000, frameRate: null },
}

const opened: { close(): unknown }[] = []
afterEach(async () => {
  for (const each of opened.splice(0).reverse()) await each.close()
})

interface Variant {
  transcode: Transcode
  output: HlsOutput
}

/** The segments that are listed: their dates, and first decoding times. */
async function listed({ output }: Variant) {
  const list = (await output.playlist("s", staying)) ?? ""
  expect(list).not.toContain("#EXT-X-DISCONTINUITY\n")
  return [...list.matchAll(/DATE-TIME:(.*)\n(?:#.*\n)*s\/(\d+)\.ts/g)].map(([, date = "", sequence]) => {
    const data = output.segment(Number(sequence)) ?? Buffer.alloc(0)
    return { date: Date.parse(date), dts90kHz: readStart90kHz(data) ?? -1, data }
  })
}

async function variants(feed: TestFeed, timeline: Timeline) {
  const { pool } = await started()
  return async (id: string, recipe: Recipe, from: TranscodeFrom = "past"): Promise<Variant> => {
    const result = await pool.obtain(feed, { id, recipe }, from)
    if (!result.ok) throw new Error(JSON.stringify(result))
    const { transcode } = result
    const output = new HlsOutput({
      ...{ source: transcode, maxBytes: 2 ** 24, timeline, now: Date.now, logger: log("test", "hls") },
    })
    opened.push(output)
    return { transcode, output }
  }
}

async function started(): Promise<Transcoding> {
  const made = await startTranscoding()
  opened.push(made)
  return made
}

const cut = (stream: Buffer, share: number) => Math.floor((stream.length * share) / packetBytes) * packetBytes

describe.each([
  ["in the middle of its clock", 1000],
  ["whose clock starts anew meanwhile", turn - 5],
])("transcodes of a stream %s", (_, startSeconds) => {
  it("show each of its pictures at the time that it has there, whenever they begin and whatever ends their ffmpeg", async () => {
    const more = ["-muxdelay", "0", "-muxpreload", "0", "-output_ts_offset", String(startSeconds)]
    const stream = await makeLong({ seconds: 20, gopSeconds: 1, more })
    const first90kHz = firstPicture([stream]) ?? -1
    const pictures = await picturesOf(stream)
    const feed = new TestFeed()
    const start = await variants(feed, new Timeline(0))
    await feed.give(stream.subarray(0, cut(stream, 0.08)))
    const one = await start("one", small)
    await feed.give(stream.subarray(cut(stream, 0.08), cut(stream, 0.52)))
    await one.output.playlist("s", staying)
    // The last keyframe is not where the first transcode has one.
    const starting = Promise.all([
      start("larger", larger, "now"),
      start("slower", halfRate),
      start("copy", copy),
    ])
    await feed.give(stream.subarray(cut(stream, 0.52), cut(stream, 0.68)))
    const others = await starting
    const cameTo = (variant: Variant, seconds: number) =>
      until("it has come so far", async () => {
        const newest = (await listed(variant)).at(-1)
        return newest !== undefined && ticksBetween(first90kHz, newest.dts90kHz) > seconds * 90_000
      })
    await cameTo(one, 10.5)
    const before = one.transcode.report()
    process.kill(before.pid ?? 0, "SIGKILL")
    await until("there is another ffmpeg", () => one.transcode.report().restarts === 1)
    await feed.give(stream.subarray(cut(stream, 0.68)))
    const all = [one, ...others]
    const [, slower] = others
    const starts = await Promise.all(
      all.map(async (variant) => {
        await cameTo(variant, 14.5)
        return listed(variant)
      }),
    )
    for (const [index, segments] of starts.entries())
      for (const { data } of segments.slice(-4)) {
        const [picture] = await picturesOf(data)
        const shown90kHz = first90kHz + mostLike(picture, pictures) * frame90kHz
        const away = Math.abs(ticksBetween(shown90kHz, firstPicture([data]) ?? -1))
        // One picture of its own; ffmpeg rounds times to what its rate can tell.
        const own = all[index] === slower ? 2 * frame90kHz : frame90kHz
        expect(away).toBeLessThanOrEqual(own + frame90kHz / 2)
      }
    // What encoders make begins at the same times, which have the same dates.
    const [ones = [], largers = [], slowers = []] = starts
    for (const [segments, apart] of [
      [largers, frame90kHz],
      [slowers, 2 * frame90kHz],
    ] as const) {
      const pairs = segments.flatMap((segment) =>
        ones
          .filter(({ date }) => Math.abs(date - segment.date) < 1_000)
          .map((other) => [segment, other] as const),
      )
      expect(pairs.length).toBeGreaterThanOrEqual(2)
      for (const [{ date, dts90kHz }, other] of pairs) {
        expect(Math.abs(ticksBetween(dts90kHz, other.dts90kHz))).toBeLessThanOrEqual(apart)
        expect(Math.abs(date - other.date)).toBeLessThanOrEqual(apart / 90)
      }
    }
  })
})

describe("a transcode of a stream whose clock is set anew", () => {
  it("goes on with another ffmpeg", async () => {
    const at = (seconds: number) => ["-output_ts_offset", String(seconds)]
    const [before, after] = await Promise.all([
      makeLong({ seconds: 5, gopSeconds: 1, more: at(5_000) }),
      makeLong({ seconds: 5, gopSeconds: 1, more: at(100) }),
    ])
    const feed = new TestFeed()
    const { pool } = await started()
    await feed.give(before)
    const result = await pool.obtain(feed, { id: "small", recipe: small })
    if (!result.ok) throw new Error(JSON.stringify(result))
    const { transcode } = result
    await feed.give(after)
    await until("it runs again", () => {
      const { state, restarts } = transcode.report()
      return state === "running" && restarts === 1
    })
    expect(transcode.report().lastFailure).toBeNull()
  })
})
