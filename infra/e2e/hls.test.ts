import { mkdtemp, rm } from "node:fs/promises"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { setTimeout as delay } from "node:timers/promises"
import { afterAll, beforeAll, describe, expect, it } from "vitest"
import type { DemoProvider } from "../local/demo-provider/start-demo-provider.ts"
import { HlsCheck } from "./player/check-hls.ts"
import { startBrowser, type TestBrowser } from "./system/browser.ts"
import { writeConfig } from "./system/config.ts"
import { startTestProvider } from "./system/demo.ts"
import { eventually } from "./system/eventually.ts"
import { entryNamed, fetchPlaylist } from "./system/playlist.ts"
import { countFrames, probe, runFfmpeg, runVlc } from "./system/real-players.ts"
import { type System, startSystem } from "./system/start-system.ts"

let first: DemoProvider
let second: DemoProvider
let system: System
let browser: TestBrowser
let folder: string

const channel = 101
const active = () =>
  [first, second].reduce((sum, one) => sum + (one.connections().accounts.one?.active ?? 0), 0)
const free = () => eventually(active, (count) => count === 0, 30_000)

/** The address of a channel's HLS, for a viewer of its own. */
async function linkFor(viewer: string, name: string): Promise<string> {
  const query = new URLSearchParams({ username: viewer, password: "a", output: "m3u8" })
  return entryNamed(await fetchPlaylist(`${system.baseUrl}/playlist.m3u8?${query}`), name).url
}

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "tributary-hls-"))
  const accounts = [{ username: "one", password: "s3cret-pw", maxConnections: 1 }]
  ;[first, second] = await Promise.all([startTestProvider({ accounts }), startTestProvider({ accounts })])
  const source = { type: "xtream", username: "one", password: "s3cret-pw" }
  const config = await writeConfig(folder, {
    sources: [
      { ...source, id: "first", url: first.url, order: 1 },
      { ...source, id: "second", url: second.url, order: 2 },
    ],
    viewers: [
      { username: "ann", password: "a" },
      { username: "one", password: "a", maxStreams: 1 },
    ],
  })
  system = await startSystem({ environment: { CONFIG_FILE: config, POOL_GRACE: "1s", STALL_TIMEOUT: "1s" } })
  browser = await startBrowser()
}, 180_000)

afterAll(async () => {
  await browser?.close()
  await system?.close()
  await Promise.all([first?.close(), second?.close()])
  await rm(folder, { recursive: true, force: true })
})

describe("HLS of a channel", () => {
  it("plays in Chromium by hls.js, and ends with its player", async () => {
    const player = await browser.playHls(await linkFor("one", "Tributary News HD"))
    const seen = await player.waitFor(({ currentTime }) => currentTime > 8, 40_000)
    expect(seen).toMatchObject({ width: 640, height: 360 })
    // A channel that was opened just now has one segment at first: it may wait for the next.
    expect(seen.errors.filter((error) => !error.includes("bufferStalledError"))).toEqual([])
    expect(seen.frames).toBeGreaterThan(150)
    expect(active()).toBe(1)
    await player.close()
    await free()
    // Their one session is free too.
    const again = await browser.playHls(await linkFor("one", "World Report 24"))
    await again.waitFor(({ currentTime }) => currentTime > 1, 40_000)
    await again.close()
    await free()
  }, 120_000)

  it("plays in ffmpeg and VLC, and is what ffprobe expects", async () => {
    const link = await linkFor("ann", "Tributary News HD")
    const recording = join(folder, "vlc.ts")
    const [ffmpeg, vlc, probed] = await Promise.all([
      runFfmpeg(link, { seconds: 10 }),
      runVlc(link, { seconds: 12, recording }),
      probe(link),
    ])
    expect(ffmpeg).toMatchObject({ code: 0 })
    expect(ffmpeg.frames).toBeGreaterThan(240)
    expect(vlc).toMatchObject({ code: 0 })
    expect(await countFrames(recording)).toBeGreaterThan(150)
    const picture = { codec_name: "h264", width: 640, height: 360, avg_frame_rate: "25/1" }
    expect(probed.streams).toMatchObject([picture, { codec_name: "aac" }])
    expect(active()).toBe(1)
    await free()
  }, 90_000)

  it("keeps the rules of RFC 8216, over a failover too", async () => {
    const link = await linkFor("ann", "Tributary News HD")
    const check = new HlsCheck()
    let address = link
    const reload = async () => {
      const response = await fetch(address)
      expect(response.status).toBe(200)
      expect(response.headers.get("content-type")).toContain("mpegurl")
      address = response.url
      return check.take(await response.text()).map((uri) => new URL(uri, address).href)
    }
    const watch = async (seconds: number) => {
      const until = performance.now() + seconds * 1_000
      while (performance.now() < until) {
        await reload()
        await delay(400)
      }
    }
    await watch(8)
    first.setFault(channel, { kind: "reset", running: true })
    await watch(16)
    expect(check.faults).toEqual([])
    expect(check.discontinuities.size).toBe(1)
    for (const segment of await reload()) expect((await fetch(segment)).status).toBe(200)
    first.clearFaults()
    await free()
  }, 90_000)

  it("goes on in Chromium when the feed fails", async () => {
    const player = await browser.playHls(await linkFor("ann", "Tributary News HD"))
    const before = await player.waitFor(({ currentTime }) => currentTime > 4, 40_000)
    first.setFault(channel, { kind: "reset", running: true })
    const after = await player.waitFor(({ frames }) => frames > before.frames + 350, 60_000)
    expect(after.errors.filter((error) => error.includes("fatal"))).toEqual([])
    await player.close()
    first.clearFaults()
    await free()
  }, 120_000)
})
