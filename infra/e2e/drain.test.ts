import { spawn } from "node:child_process"
import { createHash } from "node:crypto"
import { once } from "node:events"
import { chown, mkdtemp, open, rm, stat } from "node:fs/promises"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { setTimeout as delay } from "node:timers/promises"
import { keys } from "@tributary/shared/store/keys"
import type { StreamerRecord } from "@tributary/shared/store/records"
import { Redis } from "@upstash/redis"
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from "vitest"
import { readSecrets } from "../local/config/secrets.ts"
import { demoMovie } from "../local/demo-provider/channels.ts"
import type { DemoProvider } from "../local/demo-provider/start-demo-provider.ts"
import { openPlayer } from "./player/play.ts"
import { playsOn } from "./player/unbroken.ts"
import { writeConfig } from "./system/config.ts"
import { startTestProvider } from "./system/demo.ts"
import { eventually } from "./system/eventually.ts"
import { environmentOf } from "./system/find-processes.ts"
import { entryNamed, fetchPlaylist } from "./system/playlist.ts"
import { type System, startSystem } from "./system/start-system.ts"

let provider: DemoProvider
let system: System
let folder: string

const news = "Tributary News HD"
const account = () => provider.connections().accounts.one
const framesPerSecond = 25
// Some seconds of the channel.
const recordedBytes = 300_000

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "tributary-drain-"))
  // One for the channel, one for the film.
  const accounts = [{ username: "one", password: "s3cret-pw", maxConnections: 2 }]
  provider = await startTestProvider({ accounts })
  const source = { id: "one", type: "xtream", url: provider.url, username: "one", password: "s3cret-pw" }
  const viewers = ["ann", "bob", "cat", "dan", "eve"].map((username) => ({ username, password: "a" }))
  const config = await writeConfig(folder, { sources: [{ ...source, maxStreams: 2 }], viewers })
  system = await startSystem({
    environment: { CONFIG_FILE: config, POOL_GRACE: "1s", DRAIN_SECONDS: "100" },
    streamers: 2,
  })
}, 180_000)

afterAll(async () => {
  await system?.close()
  await provider?.close()
  await rm(folder, { recursive: true, force: true })
})

/** The process of the streamer on a port. */
async function streamerOn(port: number): Promise<number> {
  for (const id of await system.processes("streamer/src/main.ts"))
    if ((await environmentOf(id)).includes(`STREAMER_PORT=${port}`)) return id
  throw new Error(`no streamer on port ${port}`)
}

const isRunning = async (port: number, id: number) => (await streamerOn(port).catch(() => null)) === id

async function linkFor(viewer: string, name: string, output: "ts" | "m3u8" = "ts"): Promise<string> {
  const query = new URLSearchParams({ username: viewer, password: "a", output })
  return entryNamed(await fetchPlaylist(`${system.baseUrl}/playlist.m3u8?${query}`), name).url
}

/** The streamer's address that the edge sends a player to. */
async function sentTo(link: string): Promise<URL> {
  const response = await fetch(link, { redirect: "manual" })
  const location = response.headers.get("location")
  if (location === null) throw new Error(`no redirect, but ${response.status}: ${await response.text()}`)
  return new URL(location)
}

/** Has all new viewers go to the first streamer, by keeping the other one from its heartbeats meanwhile. */
async function withTheFirstAlone<Result>(act: () => Promise<Result>): Promise<Result> {
  const other = await streamerOn(system.ports.streamers[1] ?? 0)
  process.kill(other, "SIGSTOP")
  try {
    await eventually(streamersRunning, (count) => count === 1, 30_000)
    return await act()
  } finally {
    process.kill(other, "SIGCONT")
    await eventually(streamersRunning, (count) => count === 2, 10_000)
  }
}

/** Those that clicks may go to, as the dashboard lists them. */
async function streamersRunning(): Promise<number> {
  const response = await fetch(`${system.baseUrl}/api/streamers`, {
    headers: { authorization: `Bearer ${system.adminToken}` },
  })
  const listed = (await response.json()) as { draining: boolean }[]
  return listed.filter(({ draining }) => !draining).length
}

/** A player of its own process; `frames` are the pictures it has decoded so far. */
function startFfmpeg(url: string, options: readonly string[]) {
  const input = ["-nostdin", "-v", "error", "-progress", "pipe:1", ...options, "-i", url]
  const child = spawn("ffmpeg", [...input, "-fps_mode", "passthrough", "-f", "null", "-"], {
    stdio: ["ignore", "pipe", "pipe"],
  })
  let frames = 0
  let errors = ""
  child.stdout.setEncoding("utf8").on("data", (text: string) => {
    for (const [, count] of text.matchAll(/^frame=(\d+)$/gm)) frames = Number(count)
  })
  child.stderr.setEncoding("utf8").on("data", (text: string) => {
    errors = (errors + text).slice(-4_000)
  })
  const closed = once(child, "close")
  onTestFinished(async () => {
    child.kill("SIGKILL")
    await closed
  })
  return { frames: () => frames, errors: () => errors, hasEnded: () => child.exitCode !== null }
}

/** VLC without a window, which plays its item again when that ends, and records all of it: `recorded` bytes. */
async function startVlc(url: string) {
  const recording = join(folder, "vlc.ts")
  const home = await mkdtemp(join(tmpdir(), "tributary-vlc-"))
  await (await open(recording, "w")).close()
  const nobody = 65_534
  const asNobody = process.getuid?.() === 0 ? { uid: nobody, gid: nobody } : {}
  if ("uid" in asNobody) for (const path of [home, recording, folder]) await chown(path, nobody, nobody)
  const sout = `#std{access=file{append},mux=ts,dst=${recording}}`
  const args = ["-I", "dummy", "--repeat", "--no-sout-all", "--sout", sout, url]
  const child = spawn("cvlc", args, { ...asNobody, env: { ...process.env, HOME: home }, stdio: "ignore" })
  const closed = once(child, "close")
  onTestFinished(async () => {
    child.kill("SIGKILL")
    await closed
    await rm(home, { recursive: true, force: true })
  })
  return { recorded: async () => (await stat(recording)).size }
}

/** A film as players read it that seek: in parts, one after the other, at the address that they were sent to. */
async function readFilm(address: URL, parts: number) {
  const ports = new Set<string>()
  const digest = createHash("sha256")
  let size = Number.POSITIVE_INFINITY
  let from = 0
  let part = 0
  while (from < size) {
    const to = part === 0 ? 999 : from + Math.ceil(size / parts) - 1
    const response = await fetch(address, { headers: { range: `bytes=${from}-${to}` } })
    if (response.status !== 206) throw new Error(`a part of the film: ${response.status}`)
    ports.add(new URL(response.url).port)
    const bytes = Buffer.from(await response.arrayBuffer())
    digest.update(bytes)
    size = Number(/\/(\d+)$/.exec(response.headers.get("content-range") ?? "")?.[1])
    from += bytes.length
    part++
    // As a player that has enough for a while.
    await delay(1_000)
  }
  return { digest: digest.digest("hex"), ports: [...ports] }
}

describe("a streamer that drains", () => {
  it("hands its channel over while a film plays to its end, and leaves when it is empty", async () => {
    const [port = 0, otherPort = 0] = system.ports.streamers
    const leaving = await streamerOn(port)
    const title = `${demoMovie.name} (${demoMovie.year})`
    const file = await fetch(`${provider.url}/movie/one/s3cret-pw/${demoMovie.id}.mp4`)
    const wanted = createHash("sha256")
      .update(Buffer.from(await file.arrayBuffer()))
      .digest("hex")
    await eventually(
      () => account()?.active,
      (count) => count === 0,
      10_000,
    )
    provider.resetPeak()
    const [link, hlsAddress, filmAddress] = await withTheFirstAlone(
      async () =>
        [
          await linkFor("ann", news),
          await sentTo(await linkFor("bob", news, "m3u8")),
          await sentTo(await linkFor("cat", title)),
        ] as const,
    )
    expect([hlsAddress.port, filmAddress.port]).toEqual([String(port), String(port)])
    const hls = startFfmpeg(hlsAddress.href, ["-re"])
    await eventually(hls.frames, (count) => count > 0, 20_000)
    const address = await sentTo(link)
    expect(address.port).toBe(String(port))
    const again = ["-reconnect", "1", "-reconnect_at_eof", "1", "-reconnect_streamed", "1"]
    const ffmpeg = startFfmpeg(address.href, [...again, "-reconnect_delay_max", "2"])
    const vlc = await startVlc(await linkFor("dan", news))
    const strict = openPlayer((await sentTo(await linkFor("eve", news))).href)
    await playsOn(strict, 4)
    const film = readFilm(filmAddress, 30)
    film.catch(() => undefined)
    await eventually(ffmpeg.frames, (count) => count > 4 * framesPerSecond, 20_000)
    await eventually(vlc.recorded, (bytes) => bytes > recordedBytes, 20_000)

    process.kill(leaving, "SIGTERM")
    const ended = await strict.ended
    // With whole packets, but not the end of the response: that would be the end of the programme.
    expect(ended).toMatchObject({ ended: "error", status: 200, partialPacketBytes: 0 })
    const moved = openPlayer(ended.finalUrl)
    onTestFinished(async () => void (await moved.close()))
    const onceMore = await playsOn(moved, 1, 10_000)
    expect(new URL(onceMore.finalUrl).port).toBe(String(otherPort))
    expect(onceMore.redirects.map((redirect) => redirect.split(" ")[0])).toEqual(["307"])
    expect((await sentTo(await linkFor("ann", news))).port).toBe(String(otherPort))

    const before = { ffmpeg: ffmpeg.frames(), hls: hls.frames(), vlc: await vlc.recorded() }
    const more = 8 * framesPerSecond
    await eventually(ffmpeg.frames, (count) => count > before.ffmpeg + more, 20_000)
    await eventually(hls.frames, (count) => count > before.hls + more, 20_000)
    await eventually(vlc.recorded, (bytes) => bytes > before.vlc + recordedBytes, 30_000)
    expect([ffmpeg.hasEnded(), hls.hasEnded()]).toEqual([false, false])

    expect(await film).toEqual({ digest: wanted, ports: [String(port)] })
    await eventually(
      () => isRunning(port, leaving),
      (runs) => !runs,
      40_000,
    )
    const report = await playsOn(moved, 3)
    // The connection went over to the other streamer meanwhile, under the eyes of who watches there.
    expect(report).toMatchObject({ ended: null, syncLosses: 0, ccErrors: 0 })
    expect(report.maxGapMs).toBeLessThan(5_000)
    expect(account()).toMatchObject({ peak: 2 })
  }, 240_000)

  it("hands its channel over when the edge asks for it, and stays for whoever runs it to end it", async () => {
    await eventually(streamersRunning, (count) => count === 2, 30_000)
    const { port } = await sentTo(await linkFor("ann", news))
    const leaving = await streamerOn(Number(port))
    const player = openPlayer((await sentTo(await linkFor("ann", news))).href)
    await playsOn(player, 2)
    const { gatewayToken: token } = await readSecrets(system.dataDir)
    const redis = new Redis({
      url: `http://127.0.0.1:${system.ports.gateway}`,
      token,
      enableTelemetry: false,
    })
    const health = await fetch(`http://127.0.0.1:${port}/health`)
    const { streamer } = (await health.json()) as { streamer: string }
    const record = async () => (await redis.hget<StreamerRecord>(keys.streamers, streamer)) ?? null
    const load = await eventually(
      async () => (await record())?.load,
      (told) => (told?.bitsPerSecondOut ?? 0) > 0,
      10_000,
    )
    expect(load).toMatchObject({ transcodes: 0, films: 0 })
    await redis.zadd(keys.streamersToDrain, { score: Date.now(), member: streamer })
    const { finalUrl } = await player.ended
    expect(await record()).toMatchObject({ draining: true })
    const moved = openPlayer(finalUrl)
    onTestFinished(async () => void (await moved.close()))
    await playsOn(moved, 1, 10_000)
    expect(new URL(moved.report().finalUrl).port).not.toBe(port)
    await eventually(
      async () => (await record())?.streams,
      (streams) => streams === 0,
      30_000,
    )
    const ready = await fetch(`http://127.0.0.1:${port}/ready`)
    expect([ready.status, await ready.json()]).toEqual([503, { status: "draining" }])
    expect(await isRunning(Number(port), leaving)).toBe(true)
    expect(account()).toMatchObject({ peak: 2 })
  }, 120_000)
})
