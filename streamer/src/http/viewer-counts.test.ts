import { saveTranscodeProfiles } from "@tributary/shared/store/transcode-profiles"
import { transcodeProfileSchema } from "@tributary/shared/transcode/profile-config"
import type { TranscodeProfile } from "@tributary/shared/transcode/transcode-profile"
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest"
import { noMetrics, type StreamMetrics } from "../metrics/stream-metrics.ts"
import { until } from "../pool/pool-fixture.ts"
import { startStreamer, type TestStreamer } from "../pool/streamer-fixture.ts"
import { admitted, plays, running, useWorld, watch, world } from "../pool/test-pool.ts"
import { startHls, type TestHls } from "./hls-fixture.ts"

vi.setConfig({ testTimeout: 60_000, hookTimeout: 60_000 })
useWorld()

/** Of those that are built in. */
const copy: TranscodeProfile = {
  ...{ id: "copy", name: "Copy", output: "mpegts" },
  recipe: { kind: "structured", video: { codec: "copy" }, audio: { codec: "copy" } },
}
const broken: TranscodeProfile = {
  ...{ ...copy, id: "broken" },
  recipe: { kind: "arguments", words: ["-c:v", "no-such-encoder"] },
}

let streamer: TestStreamer
let hls: TestHls
/** What was told, in order. */
let told: string[]
let times: Record<string, number[]>

const recorder = (): StreamMetrics => ({
  ...noMetrics,
  viewerJoined: () => void told.push("joined"),
  viewerLeft: (how) => void told.push(how),
  firstBytes: ({ output, how }, milliseconds) => {
    const name = `${output} ${how}`
    times[name] = [...(times[name] ?? []), milliseconds]
  },
})

beforeEach(async () => {
  told = []
  times = {}
  await world.reset({ poolGrace: "1s", maxTranscodeViewers: 1 }, 2)
  const written = transcodeProfileSchema.parse({
    ...{ id: "broken", name: "Broken", arguments: "-c:v no-such-encoder" },
  })
  await saveTranscodeProfiles(world.redis, [written], "file", { replace: true })
  const metrics = recorder()
  streamer = running(await startStreamer(world, "", undefined, undefined, metrics))
  hls = await startHls(world, streamer, [copy, broken], metrics)
})
afterEach(() => hls.close())

const ticketFor = async (transcode: string | null, viewer: string | null = null) => ({
  ...(await admitted(1, viewer)),
  transcode,
})
const codeOf = async (url: string) => {
  const response = await fetch(url)
  const { error } = (await response.json()) as { error: { code: string } }
  return error.code
}
const firstSegment = async (url: string) => {
  const list = await (await fetch(url)).text()
  const uri = list.split("\n").find((line) => line !== "" && !line.startsWith("#"))
  return fetch(new URL(uri ?? "", url)).then((response) => response.arrayBuffer())
}
const left = () => told.filter((event) => event !== "joined")

describe("a viewer who is counted as joined", () => {
  it.each([
    ["unknown_profile", "nothing"],
    ["transcode_failed", "broken"],
  ])("is counted as refused when there is no transcode (%s)", async (code, transcode) => {
    expect(await codeOf(await streamer.url(await ticketFor(transcode)))).toBe(code)
    expect(await codeOf(await hls.url(await ticketFor(transcode)))).toBe(code)
    await until("both have left", () => told.length === 4)
    expect(told).toEqual(["joined", "refused", "joined", "refused"])
  })

  it("is counted as refused where the transcode is full, and the other one when they leave", async () => {
    const player = await watch(streamer, await ticketFor("copy"))
    await plays(player)
    expect(await codeOf(await streamer.url(await ticketFor("copy")))).toBe("no_capacity")
    expect(told).toEqual(["joined", "joined", "refused"])
    await player.close()
    await until("they have left", () => told.length === 4)
    expect(left()).toEqual(["refused", "left"])
  })

  it("is counted once when they go while their transcode begins", async () => {
    const gone = new AbortController()
    const asked = fetch(await streamer.url(await ticketFor("broken")), { signal: gone.signal })
    await until("they have joined", () => told.length === 1)
    gone.abort()
    await expect(asked).rejects.toThrow()
    await until("they have left", () => told.length === 2)
    expect(told).toEqual(["joined", "left"])
  })
})

describe("the time to the first bytes", () => {
  it("of a transcode is told for who waited for it, and for who found it", async () => {
    streamer.config.settings.maxTranscodeViewers = 0
    for (let viewer = 0; viewer < 2; viewer++) await plays(await watch(streamer, await ticketFor("copy")))
    expect(Object.keys(times)).toEqual(["transcode opened", "transcode joined"])
    const [[opened = 0], [joined = 0]] = Object.values(times) as [number[], number[]]
    // ffmpeg had to start, and to be given a keyframe.
    expect(opened).toBeGreaterThan(joined)
    expect(opened).toBeLessThan(6_000)
  })

  it("of HLS is told with the first segment of each viewer, and not with the next ones", async () => {
    const urls = [await hls.url(await ticketFor(null, "ann")), await hls.url(await ticketFor(null, "bob"))]
    for (const url of [...urls, ...urls]) await firstSegment(url)
    await firstSegment(await hls.url(await ticketFor("copy")))
    expect(Object.entries(times).map(([name, all]) => [name, all.length])).toEqual([
      ["hls opened", 1],
      ["hls joined", 1],
      ["hls-transcode opened", 1],
    ])
    const [opened = 0] = times["hls opened"] ?? []
    const [joined = 0] = times["hls joined"] ?? []
    // The first segment had to be made.
    expect(opened).toBeGreaterThan(joined)
    expect(opened).toBeLessThan(10_000)
  })
})
