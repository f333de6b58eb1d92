import { execFile } from "node:child_process"
import { setTimeout as delay } from "node:timers/promises"
import { promisify } from "node:util"
import type { TranscodeProfile } from "@tributary/shared/transcode/transcode-profile"
import { afterEach, describe, expect, it, vi } from "vitest"
import { HlsCheck } from "../../../infra/e2e/player/check-hls.ts"
import { judge } from "../mpegts/splice/splice-fixture.ts"
import { channelId, until } from "../pool/pool-fixture.ts"
import { admitted, another, fresh, plays, slotsFree, useWorld, watch, world } from "../pool/test-pool.ts"
import { startHls, type TestHls } from "./hls-fixture.ts"

vi.setConfig({ testTimeout: 60_000, hookTimeout: 60_000 })
useWorld()

const run = promisify(execFile)
let hls: TestHls

async function start(
  settings: Parameters<typeof fresh>[0] = {},
  profiles: readonly TranscodeProfile[] = [],
): Promise<Awaited<ReturnType<typeof fresh>>> {
  const streamer = await fresh({ poolGrace: "1s", ...settings })
  hls = await startHls(world, streamer, profiles)
  return streamer
}
afterEach(() => hls.close())

const segmentsIn = (text: string, base: string) =>
  text
    .split("\n")
    .filter((line) => line !== "" && !line.startsWith("#"))
    .map((line) => new URL(line, base).href)
async function list(url: string): Promise<string[]> {
  const response = await fetch(url)
  expect(response.status).toBe(200)
  return segmentsIn(await response.text(), url)
}
const code = async (url: string) => {
  const response = await fetch(url)
  const { error } = (await response.json()) as { error: { code: string } }
  return [response.status, error.code, response.headers.get("access-control-allow-origin")]
}
const played = async (url: string, seconds: number) =>
  run("ffmpeg", ["-nostdin", "-v", "error", "-i", url, "-t", String(seconds), "-f", "null", "-"])

describe("GET /live/{ticket}.m3u8", () => {
  it("opens the channel, and lists segments that browsers of other sites may read", async () => {
    await start()
    const url = await hls.url(await admitted(1))
    const response = await fetch(url)
    expect(response.status).toBe(200)
    expect(Object.fromEntries(response.headers)).toMatchObject({
      "content-type": "application/vnd.apple.mpegurl",
      "cache-control": "no-store",
      "access-control-allow-origin": "*",
    })
    const [first = ""] = segmentsIn(await response.text(), url)
    const segment = await fetch(first)
    const data = Buffer.from(await segment.arrayBuffer())
    expect(Object.fromEntries(segment.headers)).toMatchObject({
      "content-type": "video/mp2t",
      "content-length": String(data.length),
      "access-control-allow-origin": "*",
    })
    expect(judge(data)).toMatchObject({
      tablesFirst: true,
      startsOnKeyframe: true,
      aligned: true,
      ccErrors: 0,
    })
    expect(world.tally()).toMatchObject({ active: 1, opened: 1 })
  })

  it("plays in ffmpeg without a complaint", async () => {
    await start()
    const { stderr } = await played(await hls.url(await admitted(1)), 8)
    expect(stderr).toBe("")
  })

  it("plays sound alone", async () => {
    await start()
    expect((await played(await hls.url(await admitted(3)), 5)).stderr).toBe("")
  })

  it("has all its viewers' requests at once open one connection and one session each", async () => {
    const streamer = await start()
    const tickets = await Promise.all([admitted(1, "bob"), admitted(1)])
    const urls = await Promise.all(tickets.map((ticket) => hls.url(ticket)))
    await Promise.all(urls.flatMap((url) => [list(url), list(url), list(url)]))
    expect(streamer.pool.streams.get(channelId(1))?.viewers.size).toBe(2)
    expect([hls.player.size, hls.outputs.size]).toEqual([2, 1])
    expect(world.tally()).toMatchObject({ active: 1, peak: 1, opened: 1 })
    expect(await world.sessions("bob")).toHaveLength(1)
  })

  it("marks a failover, keeps RFC 8216, and goes on in the same list", async () => {
    const streamer = await start({ stallTimeout: "1s" })
    const url = await hls.url(await admitted(8))
    const check = new HlsCheck()
    const reload = async () => check.take(await (await fetch(url)).text())
    const player = played(url, 16)
    await until("there are three", async () => (await reload()).length >= 3, 15_000)
    world.provider.setFault(1, { kind: "reset", running: true })
    await until(
      "it has failed over",
      () => streamer.pool.streams.get(channelId(8))?.connection.feed === "second",
    )
    await until(
      "it is marked",
      async () => (await reload()).length > 0 && check.discontinuities.size > 0,
      15_000,
    )
    for (let count = 0; count < 8; count++) {
      for (const uri of await reload()) {
        const segment = await fetch(new URL(uri, url))
        expect(segment.status).toBe(200)
        const report = judge(Buffer.from(await segment.arrayBuffer()))
        expect(report).toMatchObject({ tablesFirst: true, startsOnKeyframe: true, ccErrors: 0 })
      }
      // Players reload a list once in a target duration.
      await delay(1_000)
    }
    expect(check.faults).toEqual([])
    expect(check.discontinuities.size).toBe(1)
    await player
  })

  it("opens the channel anew when its stream has closed, and counts on", async () => {
    const streamer = await start()
    const url = await hls.url(await admitted(1))
    const before = await list(url)
    await streamer.pool.streams.get(channelId(1))?.close("stopped")
    await until("its session is over", () => hls.player.size === 0)
    expect(await code(before[0] ?? "")).toEqual([404, "not_found", "*"])
    const after = await list(url)
    const number = (uri = "") => Number(/(\d+)\.ts$/.exec(uri)?.[1])
    expect(number(after[0])).toBeGreaterThan(number(before.at(-1)))
  })

  it("ends the session of who asks for nothing any more", async () => {
    const streamer = await start()
    const ticket = await admitted(1, "ann")
    await list(await hls.url(ticket))
    const from = performance.now()
    expect(await world.sessions("ann")).toHaveLength(1)
    await until("it has ended", () => hls.player.size === 0, 15_000)
    // Three target durations of 2 s.
    expect((performance.now() - from) / 1_000).toBeCloseTo(6, 0)
    await until("the store knows", async () => (await world.sessions("ann")).length === 0)
    await slotsFree()
    expect(streamer.pool.streams.size).toBe(0)
    expect(hls.sessions.has(ticket.session)).toBe(false)
  })

  it("ends a session that was taken away, and admits its viewer anew when they ask again", async () => {
    await start()
    const ticket = await admitted(1, "ann")
    const url = await hls.url(ticket)
    await list(url)
    hls.sessions.end(ticket.session)
    expect(hls.player.find({ ticket, transcode: null })).toBeNull()
    expect((await list(url)).length).toBeGreaterThan(0)
    expect(await world.sessions("ann")).toHaveLength(1)
  })

  it("counts what each viewer was sent", async () => {
    const streamer = await start()
    const url = await hls.url(await admitted(1))
    const [first = ""] = await list(url)
    const { byteLength } = await (await fetch(first)).arrayBuffer()
    const report = streamer.pool.streams.get(channelId(1))?.report()
    expect(report?.viewers).toMatchObject([{ bytesSent: byteLength, moves: 0 }])
    expect(report?.bytesSent).toBe(byteLength)
  })

  it("answers HEAD like GET, and opens nothing", async () => {
    await start()
    const url = await hls.url(await admitted(1))
    for (const [asked, type] of [
      [url, "application/vnd.apple.mpegurl"],
      [url.replace(".m3u8", "/12.ts"), "video/mp2t"],
    ] as const) {
      const response = await fetch(asked, { method: "HEAD" })
      expect([response.status, response.headers.get("content-type")]).toEqual([200, type])
    }
    expect(world.tally()).toMatchObject({ opened: 0 })
  })

  it("refuses as the contract says, so that browsers can read why", async () => {
    await start()
    const url = await hls.url(await admitted(1))
    expect(await code(`${hls.address}/live/nothing.m3u8`)).toEqual([401, "bad_ticket", "*"])
    expect(await code(url.replace(".m3u8", "/1.ts"))).toEqual([404, "not_found", "*"])
    expect(await code(url.replace(".m3u8", "/720p.m3u8"))).toEqual([404, "not_found", "*"])
    expect(world.tally()).toMatchObject({ opened: 0 })
    world.provider.setFault("*", { kind: "status", status: 404 })
    expect(await code(url)).toEqual([502, "upstream_failed", "*"])
    expect(await world.leases()).toBe(0)
  })
})

describe("an adaptive profile", () => {
  const tiny: TranscodeProfile = {
    ...{ id: "tiny", name: "Tiny", output: "mpegts" },
    recipe: {
      kind: "structured",
      video: { codec: "h264", height: 46, bitrate: 50_000, frameRate: null },
      audio: { codec: "copy" },
    },
  }
  const same: TranscodeProfile = {
    ...{ id: "same", name: "Same", output: "mpegts" },
    recipe: { kind: "structured", video: { codec: "copy" }, audio: { codec: "copy" } },
  }
  const ladder: TranscodeProfile = { id: "ladder", name: "Ladder", output: "hls", variants: ["same", "tiny"] }

  it("lists its qualities before any is made, and plays each from one connection", async () => {
    const streamer = await start({}, [tiny, same, ladder])
    const url = await hls.url({ ...(await admitted(1)), transcode: "ladder" })
    const text = await (await fetch(url)).text()
    expect(text).toMatch(/RESOLUTION=160x90.*FRAME-RATE=25.000\n.*\/same\.m3u8\n/)
    expect(text).toMatch(/RESOLUTION=82x46.*FRAME-RATE=25.000\n.*\/tiny\.m3u8\n/)
    expect(hls.transcodes.transcodes.size).toBe(0)
    const variants = segmentsIn(text, url)
    const sizes = await Promise.all(
      variants.map(async (variant) => {
        const { stdout } = await run("ffprobe", [
          ...["-v", "error", "-select_streams", "v:0", "-show_entries", "stream=width,height"],
          ...["-of", "csv=p=0", variant],
        ])
        return stdout.trim().split("\n")[0]
      }),
    )
    expect(sizes).toEqual(["160,90", "82,46"])
    expect((await played(variants[1] ?? "", 4)).stderr).toBe("")
    expect(world.tally()).toMatchObject({ active: 1, peak: 1 })
    await until("all have left", () => hls.player.size === 0, 25_000)
    await until("no transcode is left", () => hls.transcodes.transcodes.size === 0)
    await until("the stream is closed", () => streamer.pool.streams.size === 0)
  })

  it("sends its viewer to the same quality where the channel is live by now", async () => {
    const streamer = await start({ poolGrace: "50ms" }, [tiny, same, ladder])
    const old = { ...(await admitted(1, "ann")), transcode: "ladder" }
    await world.redis.del("source:demo:leases", "live")
    const other = await another("far")
    await plays(await watch(other, await admitted(1, "bob", "far")))
    const url = await hls.url(old)
    for (const [path, expected] of [
      ["/tiny.m3u8", /^\/live\/[^/]+\/tiny\.m3u8$/],
      [".m3u8", /^\/live\/[^/]+\.m3u8$/],
    ] as const) {
      const { status, headers } = await fetch(url.replace(".m3u8", path), { redirect: "manual" })
      const location = new URL(headers.get("location") ?? "")
      expect([status, location.origin]).toEqual([302, other.address])
      expect(location.pathname).toMatch(expected)
      expect(location.pathname).not.toContain(new URL(url).pathname.slice(0, -".m3u8".length))
    }
    expect(streamer.pool.streams.size).toBe(0)
  })

  it("gives the error of a quality that cannot be made", async () => {
    await start({}, [
      { ...same, id: "broken", recipe: { kind: "arguments", words: ["-c:v", "nothing"] } },
      { ...ladder, variants: ["broken"] },
    ])
    const url = await hls.url({ ...(await admitted(1, "ann")), transcode: "ladder" })
    const [broken = ""] = await list(url)
    expect(await code(broken)).toEqual([502, "transcode_failed", "*"])
  })
})
