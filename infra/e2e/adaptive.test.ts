import { mkdtemp, rm } from "node:fs/promises"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from "vitest"
import { recipe } from "../local/demo-provider/channels.ts"
import type { DemoProvider } from "../local/demo-provider/start-demo-provider.ts"
import { type BrowserPlayer, type LevelChange, startBrowser, type TestBrowser } from "./system/browser.ts"
import { writeConfig } from "./system/config.ts"
import { startTestProvider } from "./system/demo.ts"
import { eventually } from "./system/eventually.ts"
import { entryNamed, fetchPlaylist } from "./system/playlist.ts"
import { type System, startSystem } from "./system/start-system.ts"

// One connection is all that a provider gives; the second has the same channel.
let first: DemoProvider
let second: DemoProvider
let system: System
let browser: TestBrowser
let folder: string

const channel = 101
const heights = [180, 360, 540]
const quality = (height: number) => ({
  ...{ id: `${height}`, name: `${height}`, output: "mpegts" },
  video: { codec: "h264", height, bitrate: height * 2_000, frameRate: null },
  audio: { codec: "aac", bitrate: 64_000, channels: 2 },
})

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "tributary-adaptive-"))
  const wide = recipe("Wide HD", { width: 960, height: 540, videoBitsPerSecond: 1_500_000 })
  const options = {
    accounts: [{ username: "one", password: "s3cret-pw", maxConnections: 1 }],
    channels: [{ id: channel, name: "Wide HD", group: "News", tvgId: "wide", recipe: wide }],
  }
  ;[first, second] = await Promise.all([startTestProvider(options), startTestProvider(options)])
  const source = { type: "xtream", username: "one", password: "s3cret-pw" }
  const config = await writeConfig(folder, {
    sources: [
      { ...source, id: "first", url: first.url, order: 1 },
      { ...source, id: "second", url: second.url, order: 2 },
    ],
    viewers: [{ username: "ann", password: "a" }],
    transcodeProfiles: [
      ...heights.map(quality),
      { id: "ladder", name: "Ladder", output: "hls", variants: heights.map(String) },
    ],
  })
  system = await startSystem({ environment: { CONFIG_FILE: config, POOL_GRACE: "5s" } })
  browser = await startBrowser()
}, 180_000)

afterAll(async () => {
  await browser?.close()
  await system?.close()
  await Promise.all([first?.close(), second?.close()])
  await rm(folder, { recursive: true, force: true })
})

const active = () =>
  [first, second].reduce((sum, one) => sum + (one.connections().accounts.one?.active ?? 0), 0)
const free = () => eventually(active, (count) => count === 0, 45_000)

/** A player of a channel that has run for a while: it begins three target durations behind. */
async function opened(): Promise<BrowserPlayer> {
  const query = new URLSearchParams({ username: "ann", password: "a", output: "m3u8", profile: "ladder" })
  const { url } = entryNamed(await fetchPlaylist(`${system.baseUrl}/playlist.m3u8?${query}`), "Wide HD")
  const early = await browser.playHls(url)
  await early.waitFor(({ currentTime }) => currentTime > 6, 60_000)
  const player = await browser.playHls(url)
  await early.close()
  onTestFinished(async () => {
    await player.close()
    await free()
  })
  const { levels } = await player.waitFor(({ currentTime, frames }) => currentTime > 3 && frames > 50, 60_000)
  expect(levels).toEqual(heights)
  return player
}

/** Changes the level, waits until it is seen, and then until it has played on for four seconds. */
async function change(player: BrowserPlayer, height: number, how: LevelChange) {
  const from = performance.now()
  await player.chooseLevel(heights.indexOf(height), how)
  const seen = await player.waitFor((play) => play.height === height, 30_000)
  const shownAfter = Math.round(performance.now() - from)
  const after = await player.waitFor(({ frames }) => frames > seen.frames + 100, 30_000)
  const { errors, stoodStill } = after
  expect(errors.filter((error) => error.includes("fatal"))).toEqual([])
  expect(after.height).toBe(height)
  return { height, how, shownAfter, stoodStill: Math.round(stoodStill) }
}

describe("an adaptive profile", () => {
  it("plays on when its player changes the level, up and down, whether it is made already or not", async () => {
    const before = first.connections().accounts.one
    const player = await opened()
    const changes = []
    for (const height of [180, 540, 360, 180, 540, 360]) changes.push(await change(player, height, "next"))
    for (const { stoodStill } of changes) expect(stoodStill, JSON.stringify(changes)).toBeLessThan(2_000)
    // Nothing is left to play meanwhile, and what is new may have to be begun.
    for (const height of [540, 180]) changes.push(await change(player, height, "now"))
    process.stderr.write(`${JSON.stringify(changes)}\n`)
    const after = first.connections().accounts.one
    expect(after).toMatchObject({ active: 1, peak: 1, refused: 0, opened: (before?.opened ?? 0) + 1 })
  }, 180_000)

  it("has levels that fit together after a failover, and after their ffmpegs were killed", async () => {
    const player = await opened()
    await change(player, 180, "next")
    first.setFault(channel, { kind: "reset", running: true })
    const before = await player.look()
    await player.waitFor(({ frames }) => frames > before.frames + 200, 30_000)
    const changes = [await change(player, 540, "next")]
    for (const id of await system.processes("ffmpeg")) process.kill(id, "SIGKILL")
    const { frames } = await player.look()
    await player.waitFor((play) => play.frames > frames + 200, 30_000)
    for (const height of [180, 360]) changes.push(await change(player, height, "next"))
    for (const { stoodStill } of changes) expect(stoodStill, JSON.stringify(changes)).toBeLessThan(2_000)
    process.stderr.write(`${JSON.stringify(changes)}\n`)
    first.clearFaults()
    expect(active()).toBe(1)
  }, 180_000)
})
