import { randomInt } from "node:crypto"
import { mkdtemp, rm } from "node:fs/promises"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { afterAll, beforeAll, beforeEach, describe, expect, it, onTestFinished } from "vitest"
import { recipe } from "../local/demo-provider/channels.ts"
import type { DemoProvider } from "../local/demo-provider/start-demo-provider.ts"
import { openPlayer, type Player } from "./player/play.ts"
import { playsOn, unbroken } from "./player/unbroken.ts"
import { writeConfig } from "./system/config.ts"
import { startTestProvider } from "./system/demo.ts"
import { eventually } from "./system/eventually.ts"
import { freePort } from "./system/free-ports.ts"
import { entryNamed, fetchPlaylist } from "./system/playlist.ts"
import { probe } from "./system/real-players.ts"
import { StartFailed, type System, startSystem } from "./system/start-system.ts"

// One connection is all that the provider gives.
let provider: DemoProvider
let system: System
let folder: string
let link: string

const account = () => provider.connections().accounts.one
const of = (profile: string) => `${link}&profile=${profile}`
/** ffmpegs that transcode: those that make the provider's channels have ended before. */
const ffmpegs = () => system.processes("ffmpeg")

function opened(url: string): Player {
  const player = openPlayer(url)
  onTestFinished(async () => void (await player.close()))
  return player
}

const templates = [
  {
    id: "small",
    name: "Small",
    output: "mpegts",
    video: { codec: "h264", height: 240, frameRate: 15 },
    audio: null,
  },
  { id: "plain", name: "Plain", output: "mpegts", arguments: "-c:v copy -c:a mp2 -b:a 128k" },
  { id: "quieter", name: "Quieter", output: "mpegts", arguments: "-c:v copy -c:a mp2 -b:a 64k" },
  { id: "broken", name: "Broken", output: "mpegts", arguments: "-c:v libx264 -profile:v nonsense -c:a copy" },
]

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "tributary-transcodes-"))
  provider = await startTestProvider({
    accounts: [{ username: "one", password: "s3cret-pw", maxConnections: 1 }],
    channels: [
      {
        ...{ id: 101, name: "Wide HD", group: "News", tvgId: "wide" },
        recipe: recipe("Wide HD", { width: 1280, height: 720, videoBitsPerSecond: 2_500_000 }),
      },
    ],
  })
  const source = { id: "one", type: "xtream", url: provider.url, username: "one", password: "s3cret-pw" }
  const config = await writeConfig(folder, {
    sources: [source],
    viewers: [{ username: "ann", password: "a" }],
    transcodeProfiles: templates,
  })
  system = await startSystem({ environment: { CONFIG_FILE: config, POOL_GRACE: "1s" } })
  link = entryNamed(await fetchPlaylist(system.playlistUrl), "Wide HD").url
}, 180_000)

afterAll(async () => {
  await system?.close()
  await provider?.close()
  await rm(folder, { recursive: true, force: true })
})

beforeEach(async () => {
  await eventually(
    () => account()?.active ?? 0,
    (count) => count === 0,
    20_000,
  )
  provider.resetPeak()
})

describe("transcodes of one channel", () => {
  it("are what their profiles say, all from one connection of the provider", async () => {
    const viewers = [link, link, of("480p"), of("480p"), of("small")].map((url) => opened(url))
    for (const viewer of viewers) expect(await playsOn(viewer, 3)).toMatchObject(unbroken)
    expect(await ffmpegs()).toHaveLength(2)
    const [wide, middle, small] = await Promise.all([link, of("480p"), of("small")].map(probe))
    const video = { codec_name: "h264", codec_type: "video" }
    expect(wide?.streams).toMatchObject([{ ...video, width: 1280, height: 720 }, { codec_name: "aac" }])
    const sound = { codec_name: "aac", channels: 2 }
    expect(middle?.streams).toMatchObject([{ ...video, height: 480, avg_frame_rate: "25/1" }, sound])
    expect(middle?.streams[0]?.width).toBeGreaterThanOrEqual(852)
    expect(small?.streams).toMatchObject([{ ...video, height: 240, avg_frame_rate: "15/1" }])
    expect(account()).toMatchObject({ active: 1, peak: 1, opened: 1, refused: 0 })
    for (const viewer of viewers) expect(viewer.report()).toMatchObject(unbroken)
  }, 60_000)

  it("are apart when their arguments differ in one word", async () => {
    const viewers = [of("plain"), of("quieter")].map((url) => opened(url))
    for (const viewer of viewers) await playsOn(viewer, 1)
    expect(await ffmpegs()).toHaveLength(2)
    const rates = await Promise.all(
      viewers.map(async (viewer) => {
        await playsOn(viewer, 4)
        const { bytes, mediaSeconds } = viewer.report()
        return bytes / mediaSeconds
      }),
    )
    // 64 kbit/s less, and headers.
    expect((rates[0] ?? 0) - (rates[1] ?? 0)).toBeGreaterThan(6_000)
  }, 60_000)

  it("go on for their viewers however often ffmpeg is killed", async () => {
    const viewer = opened(of("small"))
    await playsOn(viewer, 2)
    for (let time = 0; time < 4; time++) {
      const [pid = 0] = await ffmpegs()
      process.kill(pid, "SIGKILL")
      await playsOn(viewer, 2)
    }
    expect(viewer.report()).toMatchObject(unbroken)
    expect(account()).toMatchObject({ active: 1, peak: 1, opened: 1 })
  }, 60_000)

  it("leave no process and no connection behind, in whatever order their viewers come and go", async () => {
    const links = [link, of("480p"), of("small"), of("audio"), of("copy")]
    const watching: Player[] = []
    for (let step = 0; step < 50; step++) {
      if (watching.length > 0 && randomInt(3) === 0) {
        await watching.splice(randomInt(watching.length), 1)[0]?.close()
      } else watching.push(opened(links[randomInt(links.length)] ?? link))
      if (randomInt(5) === 0) await watching.at(-1)?.firstByte
    }
    expect(account()?.peak).toBe(1)
    for (const player of watching) await player.close()
    await eventually(ffmpegs, (left) => left.length === 0, 15_000)
    await eventually(
      () => account()?.active ?? 0,
      (count) => count === 0,
      15_000,
    )
  }, 90_000)

  it("say with ffmpeg's own words why they cannot be made", async () => {
    const response = await fetch(of("broken"))
    expect(response.status).toBe(502)
    const { error } = (await response.json()) as { error: { code: string; message: string } }
    expect(error.code).toBe("transcode_failed")
    expect(error.message).toMatch(/profile/i)
    await eventually(ffmpegs, (left) => left.length === 0, 15_000)
  }, 60_000)

  it("are gone with their streamer, even when it is killed", async () => {
    const viewer = opened(of("small"))
    await playsOn(viewer, 1)
    const before = await ffmpegs()
    expect(before).toHaveLength(1)
    process.kill(before[0] ?? 0, "SIGSTOP")
    for (const id of await system.processes("streamer/src/main.ts")) process.kill(id, "SIGKILL")
    const isGone = (left: number[]) => !left.includes(before[0] ?? 0)
    await eventually(ffmpegs, isGone, 10_000)
  }, 60_000)
})

describe("a configuration file", () => {
  it.each([
    ["-c:v libx264 -i /etc/passwd", "-i"],
    ["-c:v libx264; rm -rf /", ";"],
    ["-vf movie=file:/etc/passwd", "movie"],
    ["-c copy concat:a|b", "concat:"],
    ["-c copy -f mpegts /tmp/out.ts", "/tmp/out.ts"],
  ])("is refused for %j, with the word that is wrong", async (template, word) => {
    const profile = { id: "bad", name: "Bad", output: "mpegts", arguments: template }
    const config = await writeConfig(folder, { transcodeProfiles: [profile] })
    const failure = await startSystem({
      environment: { CONFIG_FILE: config, PORT: String(await freePort(1)) },
    }).then(
      async (started) => {
        await started.close()
        return null
      },
      (error: unknown) => error,
    )
    expect(failure).toBeInstanceOf(StartFailed)
    const { code, lines } = failure as StartFailed
    expect(code).not.toBe(0)
    expect(lines.join("\n")).toContain("transcodeProfiles[0].arguments")
    expect(lines.join("\n")).toContain(word)
  })
})
