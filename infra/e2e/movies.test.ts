import { createHash } from "node:crypto"
import { mkdtemp, rm } from "node:fs/promises"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest"
import { demoMovie } from "../local/demo-provider/channels.ts"
import type { DemoProvider } from "../local/demo-provider/start-demo-provider.ts"
import { openPlayer } from "./player/play.ts"
import { startBrowser, type TestBrowser } from "./system/browser.ts"
import { writeConfig } from "./system/config.ts"
import { startTestProvider } from "./system/demo.ts"
import { eventually } from "./system/eventually.ts"
import { entryNamed, fetchPlaylist } from "./system/playlist.ts"
import { countFrames, runFfmpeg, runVlc } from "./system/real-players.ts"
import { type System, startSystem } from "./system/start-system.ts"

let provider: DemoProvider
let system: System
let browser: TestBrowser
let folder: string
let link: string
let live: string
/** The film, as the provider has it. */
let film: Buffer

const account = () => provider.connections().accounts.one

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "tributary-movies-"))
  provider = await startTestProvider({
    accounts: [{ username: "one", password: "s3cret-pw", maxConnections: 1 }],
  })
  const source = { id: "one", type: "xtream", url: provider.url, username: "one", password: "s3cret-pw" }
  const viewers = [{ username: "ann", password: "a", maxStreams: 1 }]
  const config = await writeConfig(folder, { sources: [source], viewers })
  system = await startSystem({ environment: { CONFIG_FILE: config, POOL_GRACE: "1s" } })
  const entries = await fetchPlaylist(system.playlistUrl)
  link = entryNamed(entries, `${demoMovie.name} (${demoMovie.year})`).url
  live = entryNamed(entries, "Tributary News HD").url
  const direct = await fetch(`${provider.url}/movie/one/s3cret-pw/${demoMovie.id}.mp4`)
  film = Buffer.from(await direct.arrayBuffer())
  browser = await startBrowser()
}, 180_000)

afterAll(async () => {
  await browser?.close()
  await system?.close()
  await provider?.close()
  await rm(folder, { recursive: true, force: true })
})

beforeEach(async () => {
  provider.clearFaults()
  await eventually(
    () => account()?.active ?? 0,
    (count) => count === 0,
    20_000,
  )
  provider.resetPeak()
})

const digest = (bytes: Buffer) => createHash("sha256").update(bytes).digest("hex")

async function get(range?: string, headers: Record<string, string> = {}) {
  const response = await fetch(link, { headers: { ...(range === undefined ? {} : { range }), ...headers } })
  return {
    status: response.status,
    headers: response.headers,
    bytes: Buffer.from(await response.arrayBuffer()),
  }
}

describe("a movie", () => {
  it("is the provider's file, in whole and in parts", async () => {
    const whole = await get()
    expect([whole.status, digest(whole.bytes)]).toEqual([200, digest(film)])
    expect(whole.headers.get("accept-ranges")).toBe("bytes")
    const size = film.length
    const parts: [string, number, number][] = [
      ["bytes=0-", 0, size],
      ["bytes=1000-1999", 1_000, 2_000],
      [`bytes=${size - 777}-`, size - 777, size],
      ["bytes=-500", size - 500, size],
      [`bytes=100-${2 * size}`, 100, size],
    ]
    for (const [range, from, to] of parts) {
      const part = await get(range)
      expect([range, part.status, digest(part.bytes)]).toEqual([range, 206, digest(film.subarray(from, to))])
      expect(part.headers.get("content-range")).toBe(`bytes ${from}-${to - 1}/${size}`)
      expect(part.headers.get("content-length")).toBe(String(to - from))
    }
    const outside = await get(`bytes=${size}-`)
    expect([outside.status, outside.headers.get("content-range")]).toEqual([416, `bytes */${size}`])
    const tag = whole.headers.get("etag") ?? ""
    expect((await get("bytes=5-9", { "if-range": tag })).status).toBe(206)
    expect((await get("bytes=5-9", { "if-range": '"another"' })).status).toBe(200)
    const head = await fetch(link, { method: "HEAD" })
    expect([head.status, head.headers.get("content-type")]).toEqual([200, "video/mp4"])
    expect(account()?.peak).toBe(1)
  }, 60_000)

  it("counts one connection, and one session, when a player reads it in several places at once", async () => {
    const size = film.length
    const places = [0, 0.9, 0.5, 0.2].map((share) => Math.floor(share * size))
    const parts = await Promise.all(places.map((from) => get(`bytes=${from}-`)))
    for (const [at, from] of places.entries())
      expect([parts[at]?.status, digest(parts[at]?.bytes ?? Buffer.alloc(0))]).toEqual([
        206,
        digest(film.subarray(from)),
      ])
    expect(account()).toMatchObject({ peak: 1, refused: 0 })
  }, 60_000)

  it("is read on where the provider broke off", async () => {
    provider.setFault(demoMovie.id, { kind: "reset", afterBytes: 300_000, requests: 2 })
    const whole = await get()
    expect([whole.status, digest(whole.bytes)]).toEqual([200, digest(film)])
    expect(account()).toMatchObject({ peak: 1, opened: 3 })
  }, 60_000)

  it("gives its connection to the channel that its viewer turns to, and takes it back", async () => {
    await get("bytes=0-99")
    const player = openPlayer(live)
    await player.waitFor(({ mediaSeconds }) => mediaSeconds > 1, 20_000)
    await player.close()
    expect((await get("bytes=0-99")).bytes).toEqual(film.subarray(0, 100))
    expect(account()?.peak).toBe(1)
  }, 60_000)

  it("plays and seeks in Chromium", async () => {
    const player = await browser.playFile(link)
    const playing = await player.waitFor(({ currentTime }) => currentTime > 2, 30_000)
    expect(playing).toMatchObject({ width: 640, height: 360, errors: [] })
    expect(Math.round(playing.duration)).toBe(demoMovie.durationSeconds)
    for (const seconds of [45, 10, 55]) {
      await player.seek(seconds)
      await player.waitFor(({ currentTime }) => currentTime > seconds + 1, 30_000)
    }
    expect((await player.look()).errors).toEqual([])
    await player.close()
    expect(account()).toMatchObject({ peak: 1, refused: 0 })
  }, 120_000)

  it("plays in VLC and ffmpeg", async () => {
    const recording = join(folder, "vlc.ts")
    expect(await runVlc(link, { seconds: 8, recording })).toMatchObject({ code: 0 })
    expect(await countFrames(recording)).toBeGreaterThan(150)
    const played = await runFfmpeg(link, { seconds: demoMovie.durationSeconds })
    expect(played).toMatchObject({ code: 0, frames: demoMovie.durationSeconds * 25 })
    expect(account()).toMatchObject({ peak: 1, refused: 0 })
  }, 90_000)
})
