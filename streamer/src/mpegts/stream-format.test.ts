import { execFile } from "node:child_process"
import { promisify } from "node:util"
import { describe, expect, it } from "vitest"
import { canEncodeHevc } from "../../../infra/e2e/player/test-support/make-stream.ts"
import { seededRandom } from "../../../infra/e2e/player/test-support/seeded-random.ts"
import { packetBytes } from "./packet.ts"
import { FormatProbe } from "./stream-format.ts"

const run = promisify(execFile)
const hasHevc = await canEncodeHevc()

interface Recipe {
  size?: string
  rate?: string
  video?: readonly string[]
  audio?: readonly (readonly string[])[]
  layout?: string
}

/** One second of a stream, from ffmpeg. */
async function make({
  size = "320x180",
  rate = "25",
  video,
  audio = [],
  layout = "stereo",
}: Recipe): Promise<Buffer> {
  const inputs = [
    ...(video ? ["-f", "lavfi", "-i", `testsrc2=s=${size}:r=${rate}:d=1`] : []),
    ...audio.flatMap(() => ["-f", "lavfi", "-i", `anullsrc=cl=${layout}:r=48000:d=1`]),
  ]
  const maps = Array.from({ length: audio.length + (video ? 1 : 0) }, (_, index) => ["-map", String(index)])
  const sound = audio.flatMap(([codec = "aac", language = ""], index) => [
    ...[`-c:a:${index}`, codec, `-metadata:s:a:${index}`, `language=${language}`],
  ])
  const { stdout } = await run(
    "ffmpeg",
    ["-v", "error", ...inputs, ...maps.flat(), ...(video ?? []), ...sound, "-t", "1", "-f", "mpegts", "-"],
    { encoding: "buffer", maxBuffer: 64 * 1024 * 1024 },
  )
  return stdout
}

const h264 = ["-c:v", "libx264", "-preset", "ultrafast", "-g", "25"]
const hevc = ["-c:v", "libx265", "-preset", "ultrafast", "-x265-params", "log-level=none:keyint=25"]
const mpeg2 = ["-c:v", "mpeg2video", "-g", "12"]

function probe(stream: Buffer, chunkPackets = 7): FormatProbe {
  const found = new FormatProbe()
  for (let at = 0; at < stream.length; at += chunkPackets * packetBytes)
    found.push(stream.subarray(at, at + chunkPackets * packetBytes))
  return found
}

describe("the video", () => {
  const made: [codec: string, size: string, rate: string, video: readonly string[]][] = [
    ["h264", "1920x1080", "25", h264],
    ["h264", "1280x720", "60000/1001", h264],
    ["h264", "854x480", "24000/1001", h264],
    ["h264", "322x182", "30", [...h264, "-pix_fmt", "yuv444p"]],
    [
      "h264",
      "1920x1080",
      "25",
      ["-c:v", "libx264", "-flags", "+ildct+ilme", "-x264-params", "tff=1:cqm=jvt", "-vf", "setfield=tff"],
    ],
    ["hevc", "1920x1080", "50", hevc],
    ["hevc", "322x182", "30000/1001", hevc],
    ["mpeg2", "1920x1080", "25", mpeg2],
    ["mpeg2", "720x576", "25", mpeg2],
  ]
  it.each(made.filter(([codec]) => codec !== "hevc" || hasHevc))(
    "is %s of %s at %s",
    async (codec, size, rate, video) => {
      const { format, isDone } = probe(await make({ size, rate, video }))
      const [width, height] = size.split("x").map(Number)
      const [frames = 0, seconds = 1] = rate.split("/").map(Number)
      const framesPerSecond = Math.round((frames / seconds) * 1000) / 1000
      expect(format).toEqual({ video: { codec, width, height, framesPerSecond }, audio: [] })
      expect(isDone).toBe(true)
    },
  )

  it("is named before its size is known", async () => {
    const stream = await make({ video: h264 })
    expect(probe(stream.subarray(0, 3 * packetBytes)).format.video).toEqual({
      codec: "h264",
      width: null,
      height: null,
      framesPerSecond: null,
    })
  })

  it("is the same however the stream is chunked", async () => {
    const stream = await make({ video: h264, audio: [["ac3", "fra"]] })
    const whole = probe(stream, 1e6).format
    for (const chunk of [1, 2, 3, 50]) expect(probe(stream, chunk).format).toEqual(whole)
  })
})

describe("the audio", () => {
  it.each([
    ["aac", "aac", "stereo", 2],
    ["aac", "aac", "5.1", 6],
    ["mp2", "mp2", "mono", 1],
    ["libmp3lame", "mp3", "stereo", 2],
    ["ac3", "ac3", "5.1", 6],
    ["eac3", "eac3", "stereo", 2],
  ])("is what %s made of it", async (encoder, codec, layout, channels) => {
    const { format, isDone } = probe(await make({ audio: [[encoder, "deu"]], layout }))
    expect(format).toEqual({ video: null, audio: [{ codec, channels, sampleRate: 48000, language: "deu" }] })
    expect(isDone).toBe(true)
  })

  it("is listed in the order of the programme", async () => {
    const audio = [
      ["aac", "eng"],
      ["mp2", ""],
      ["ac3", "ger"],
    ]
    const { format } = probe(await make({ video: h264, audio }))
    expect(format.audio.map(({ codec, language }) => [codec, language])).toEqual([
      ["aac", "eng"],
      ["mp2", null],
      ["ac3", "ger"],
    ])
  })
})

describe("what cannot be known", () => {
  it("is looked for in some megabytes, and no longer", () => {
    const found = new FormatProbe()
    const packets = Buffer.alloc(1000 * packetBytes, 0x47)
    for (let turn = 0; turn < 60; turn++) found.push(packets)
    expect(found.isDone).toBe(true)
    expect(found.format).toEqual({ video: null, audio: [] })
  })

  it("never makes it throw, whatever is broken", async () => {
    const stream = await make({
      video: hasHevc ? hevc : h264,
      audio: [
        ["aac", "eng"],
        ["ac3", ""],
      ],
    })
    for (let seed = 1; seed <= 200; seed++) {
      const random = seededRandom(seed)
      const broken = Buffer.from(stream.subarray(0, 300 * packetBytes))
      for (let turn = 0; turn < 300; turn++)
        broken[random.between(0, broken.length - 1)] = random.between(0, 255)
      expect(() => probe(broken).format, `seed ${seed}`).not.toThrow()
    }
  })
})
