import { transcodeProfileFrom, transcodeProfileSchema } from "@tributary/shared/transcode/profile-config"
import { afterEach, describe, expect, it, vi } from "vitest"
import { type FfmpegChild, spawnFfmpeg } from "../ffmpeg/spawn-ffmpeg.ts"
import { until } from "../pool/pool-fixture.ts"
import { TranscodeTester, type TranscodeTesterOptions } from "./transcode-tester.ts"

vi.setConfig({ testTimeout: 60_000 })

const children: FfmpegChild[] = []
let tester: TranscodeTester | null = null

afterEach(async () => {
  await tester?.close()
  expect(children.filter(isRunning)).toEqual([])
  children.length = 0
})

const isRunning = ({ exitCode, signalCode }: FfmpegChild) => exitCode === null && signalCode === null

/** A tester with real ffmpegs, which are noted; `options` may be changed later. */
function testerWith(options: Partial<TranscodeTesterOptions> = {}): TranscodeTester {
  const spawn = (args: string[]) => {
    const child = spawnFfmpeg(args)
    children.push(child)
    return child
  }
  const now = () => performance.now()
  const defaults = { spawn, now, detectHardware: async () => null }
  tester = new TranscodeTester(Object.assign(options, { ...defaults, ...options }))
  return tester
}

function profile(written: object) {
  const made = transcodeProfileFrom(transcodeProfileSchema.parse({ id: "x", ...written }))
  if (!("recipe" in made)) throw new Error("an adaptive profile is no recipe")
  return made
}

const slow = profile({
  ...{ id: "slow", arguments: "-c:v libx264 -preset veryslow -tune zerolatency -s 3840x2160 -c:a copy" },
})
const small = profile({ id: "small", video: { height: 240, bitrate: 400_000 }, audio: { bitrate: 64_000 } })

async function runOf(written: object, options: Partial<TranscodeTesterOptions> = {}) {
  const result = await testerWith(options).test([profile(written)])
  if (!result.ok) throw new Error(result.message)
  const [run, ...more] = result.runs
  if (run === undefined || more.length > 0) throw new Error(`${result.runs.length} runs`)
  return run
}

describe("a transcode profile that is tried", () => {
  it("is shown as it would be run, with what comes out", async () => {
    const run = await runOf({ video: { height: 240, bitrate: 400_000 }, audio: { bitrate: 64_000 } })
    expect(run).toMatchObject({
      ...{ profile: "x", ok: true, hardware: null, width: 426, height: 240 },
      ...{ videoCodec: "h264", audioCodec: "aac", framesPerSecond: 25 },
      message: expect.stringMatching(/^ffmpeg took [\d.]+ s to make 4(\.\d)? s: /),
    })
    expect(run.command).toMatch(/^ffmpeg -nostdin .* -i pipe:0 .*-c:v libx264 .*-b:v 400000 .*pipe:1$/)
    expect(run.command).toContain("'expr:if(isnan(prev_forced_t)")
    expect(run.seconds).toBeGreaterThan(3.8)
    expect(run.seconds).toBeLessThan(4.3)
    expect(run.bytesPerSecond).toBeGreaterThan(20_000)
    expect(run.bytesPerSecond).toBeLessThan(120_000)
    expect(run.speed).toBeCloseTo(run.seconds / (run.durationMs / 1000), 1)
  })

  it("may be sound only, or ffmpeg's own words", async () => {
    expect(await runOf({ video: null, audio: { codec: "mp2" } })).toMatchObject({
      ...{ ok: true, videoCodec: null, width: null, height: null, framesPerSecond: null, audioCodec: "mp2" },
    })
    const raw = await runOf({ arguments: "-c:v mpeg2video -s 320x180 -c:a ac3" })
    expect(raw).toMatchObject({
      ...{ ok: true, videoCodec: "mpeg2", width: 320, height: 180, framesPerSecond: 25, audioCodec: "ac3" },
    })
  })

  it("says why ffmpeg cannot do it", async () => {
    const run = await runOf({ arguments: "-c:v no-such-encoder -c:a copy" })
    expect(run).toMatchObject({ ok: false, seconds: 0, speed: null, bytesPerSecond: null, videoCodec: null })
    expect(run.message).toMatch(/^ffmpeg failed: .*no-such-encoder/)
  })

  it("is ended when it takes too long", async () => {
    const limits: Partial<TranscodeTesterOptions> = {}
    const tester = testerWith(limits)
    // The picture is made, however long that takes.
    await tester.test([small])
    limits.runMilliseconds = 3_000
    const result = await tester.test([slow])
    if (!result.ok) throw new Error(result.message)
    const [run] = result.runs
    expect(run).toMatchObject({ ok: false, message: expect.stringMatching(/^ffmpeg was stopped after 3/) })
    // What had come by then is told.
    expect(run?.bytesPerSecond).toBeGreaterThan(0)
    expect(run?.speed).toBeLessThan(1)
  })

  it("leaves those behind it no time, when it takes what there is for all", async () => {
    const limits: Partial<TranscodeTesterOptions> = {}
    const tester = testerWith(limits)
    await tester.test([small])
    limits.testMilliseconds = 500
    const message = expect.stringMatching(/^ffmpeg was stopped after 0/)
    expect(await tester.test([slow, small])).toMatchObject({
      ok: true,
      runs: [
        { profile: "slow", ok: false, message },
        { profile: "small", ok: false, message },
      ],
    })
  })

  it("may be several, each of which is run", async () => {
    const sound = profile({ id: "sound", video: null, audio: {} })
    const result = await testerWith().test([small, sound])
    expect(result).toMatchObject({
      ok: true,
      runs: [
        { profile: "small", ok: true, videoCodec: "h264" },
        { profile: "sound", ok: true, videoCodec: null },
      ],
    })
    // The test picture is made once.
    expect(children).toHaveLength(3)
    await tester?.test([sound])
    expect(children).toHaveLength(4)
  })

  it("uses the hardware that works here, and says so", async () => {
    const hardware = { kind: "nvenc", device: null, codecs: ["h264"] } as const
    const run = await runOf({ video: {}, audio: "copy" }, { detectHardware: async () => hardware })
    // There is none here: what is shown is what was tried.
    expect(run).toMatchObject({
      ok: false,
      hardware: "nvenc",
      command: expect.stringContaining("h264_nvenc"),
    })
    const sound = await runOf({ video: "copy", audio: {} }, { detectHardware: async () => hardware })
    expect(sound).toMatchObject({ ok: true, hardware: null })
  })
})

describe("whoever asks while a test runs", () => {
  it("is told to come back, and may then", async () => {
    const tester = testerWith()
    const first = tester.test([small])
    expect(await tester.test([small])).toMatchObject({ ok: false, code: "conflict" })
    expect(await first).toMatchObject({ ok: true })
    expect(await tester.test([small])).toMatchObject({ ok: true })
  })
})

it("kills what runs when it is closed", async () => {
  const tester = testerWith()
  const running = tester.test([slow])
  await until("the transcode has begun", () => children.length === 2)
  await tester.close()
  expect(children.filter(isRunning)).toEqual([])
  const ended = await running
  expect(ended).toMatchObject({ ok: true, runs: [{ ok: false }] })
  expect(ended.ok && ended.runs[0]?.durationMs).toBeLessThan(10_000)
  expect(await tester.test([small])).toMatchObject({ ok: false, code: "conflict" })
})

it("says that the test picture could not be made", async () => {
  const spawn = (args: string[]) => spawnFfmpeg(args, "no-such-program")
  expect(await testerWith({ spawn }).test([small])).toMatchObject({
    ...{ ok: false, code: "transcode_failed" },
    message: expect.stringContaining("could not be made"),
  })
})
