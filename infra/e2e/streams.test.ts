import { mkdtemp, rm } from "node:fs/promises"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { afterAll, beforeAll, beforeEach, describe, expect, it, onTestFinished } from "vitest"
import type { FaultInput } from "../local/demo-provider/faults.ts"
import type { DemoProvider } from "../local/demo-provider/start-demo-provider.ts"
import { openPlayer, type Player, type PlayOptions, play } from "./player/play.ts"
import { unbroken as neverBroken, playsOn } from "./player/unbroken.ts"
import { writeConfig } from "./system/config.ts"
import { startTestProvider } from "./system/demo.ts"
import { eventually } from "./system/eventually.ts"
import { environmentOf } from "./system/find-processes.ts"
import { entryNamed, fetchPlaylist } from "./system/playlist.ts"
import { countFrames, runFfmpeg, runVlc } from "./system/real-players.ts"
import { type System, startSystem } from "./system/start-system.ts"

// Two providers with the same channels, so that each channel has a feed of either: the first one's comes first.
let first: DemoProvider
let second: DemoProvider
let system: System
let folder: string
let link: string
const channel = 101
// Of what tests next to this one may do to the machine. How fast it is on a quiet one is measured by hand (README).
const busyMs = 1_000
const news = "Tributary News HD"

const account = (provider: DemoProvider) => provider.connections().accounts.one
const active = (provider: DemoProvider) => account(provider)?.active ?? 0

function opened(url: string, options: PlayOptions = {}): Player {
  const player = openPlayer(url, options)
  onTestFinished(async () => void (await player.close()))
  return player
}

const unbroken = { ...neverBroken, splicesOffKeyframe: 0 }

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "tributary-streams-"))
  const accounts = [{ username: "one", password: "s3cret-pw", maxConnections: 1 }]
  ;[first, second] = await Promise.all([startTestProvider({ accounts }), startTestProvider({ accounts })])
  const source = { type: "xtream", username: "one", password: "s3cret-pw" }
  const config = await writeConfig(folder, {
    sources: [
      { ...source, id: "first", url: first.url, order: 1 },
      { ...source, id: "second", url: second.url, order: 2 },
    ],
    viewers: [{ username: "ann", password: "a" }],
  })
  system = await startSystem({
    environment: {
      ...{ CONFIG_FILE: config, POOL_GRACE: "1s", STALL_TIMEOUT: "1s", BUFFER_SIZE_PER_STREAM: "1048576" },
      MAX_FAILURES_BEFORE_BLOCK: "1000",
    },
    streamers: 2,
  })
  link = entryNamed(await fetchPlaylist(system.playlistUrl), news).url
}, 180_000)

afterAll(async () => {
  await system?.close()
  await Promise.all([first?.close(), second?.close()])
  await rm(folder, { recursive: true, force: true })
})

beforeEach(async () => {
  for (const provider of [first, second]) provider.clearFaults()
  await eventually(
    () => active(first) + active(second),
    (count) => count === 0,
    20_000,
  )
  for (const provider of [first, second]) provider.resetPeak()
})

describe("a feed that fails", () => {
  it.each<[string, FaultInput, number]>([
    ["ends", { kind: "end", running: true }, busyMs],
    ["is reset", { kind: "reset", running: true }, busyMs],
    ["stalls", { kind: "stall", running: true }, 1_000 + busyMs],
  ])(
    "and %s: its viewers get the next one's pictures in time",
    async (_, fault, milliseconds) => {
      const players = [opened(link), opened(link)]
      // Past the first burst, packets come as they are made.
      for (const player of players) await playsOn(player, 4)
      const gapBefore = players[0]?.report().maxGapMs ?? 0
      first.setFault(channel, fault)
      await eventually(
        () => active(second),
        (count) => count === 1,
        5_000,
      )
      for (const player of players) {
        const report = await playsOn(player, 3)
        expect(report).toMatchObject(unbroken)
        expect(report.discontinuities).toBeGreaterThan(0)
        expect(report.maxGapMs).toBeLessThan(Math.max(gapBefore, milliseconds))
      }
      expect([account(first)?.peak, account(second)?.peak]).toEqual([1, 1])
    },
    60_000,
  )

  it("at the start costs its viewer little time", async () => {
    const time = async () => {
      const { firstByteMs } = await play(link, { untilBytes: 2_000 })
      await eventually(
        () => active(first) + active(second),
        (count) => count === 0,
        20_000,
      )
      return firstByteMs ?? Number.POSITIVE_INFINITY
    }
    await time()
    const without = await time()
    first.setFault(channel, { kind: "status", status: 404 })
    expect(await time()).toBeLessThan(without + busyMs)
  }, 60_000)

  it("does not keep ffmpeg and VLC from decoding on", async () => {
    const recording = join(folder, "vlc.ts")
    const playing = Promise.all([runFfmpeg(link, { seconds: 12 }), runVlc(link, { seconds: 14, recording })])
    const strict = opened(link)
    await playsOn(strict, 5)
    first.setFault(channel, { kind: "reset", running: true })
    await eventually(
      () => active(second),
      (count) => count === 1,
      5_000,
    )
    const [ffmpeg, vlc] = await playing
    expect(ffmpeg).toMatchObject({ code: 0 })
    // 12 s of 25 pictures, without the pause of the failover.
    expect(ffmpeg.frames).toBeGreaterThan(270)
    expect(vlc).toMatchObject({ code: 0 })
    expect(await countFrames(recording)).toBeGreaterThan(270)
    expect(strict.report()).toMatchObject(unbroken)
  }, 90_000)
})

describe("a viewer", () => {
  it("who stops reading, reads at 64 kbit/s or leaves first changes nothing for the others", async () => {
    const leaver = opened(link)
    await leaver.firstByte
    const alone = opened(link)
    await playsOn(alone, 6)
    const before = alone.report().maxGapMs
    const stopped = opened(link, { pause: { afterBytes: 50_000 } })
    const slow = opened(link, { readBytesPerSecond: 8_000 })
    const watcher = opened(link)
    await Promise.all([stopped.firstByte, slow.firstByte, playsOn(watcher, 2)])
    await leaver.close()
    await playsOn(watcher, 10)
    expect(watcher.report()).toMatchObject(unbroken)
    expect(watcher.report().maxGapMs).toBeLessThan(before + busyMs)
    // Slow, but whole.
    expect(slow.report()).toMatchObject({ ...unbroken, ended: null })
    expect(stopped.report().ended).toBeNull()
    expect(account(first)).toMatchObject({ active: 1, peak: 1 })
  }, 90_000)
})

describe("two streamers", () => {
  it("feed their viewers from one connection, which the second takes when the first is killed", async () => {
    const { headers } = await fetch(link, { redirect: "manual" })
    const address = new URL(headers.get("location") ?? "")
    const near = opened(address.href)
    await playsOn(near, 1)
    const port = system.ports.streamers.find((each) => String(each) !== address.port)
    // As from another continent: the edge would name both of them in its ticket.
    const far = opened(address.href.replace(address.port, String(port)))
    await playsOn(far, 2)
    expect([account(first)?.active, account(first)?.peak, active(second)]).toEqual([1, 1, 0])
    const health = async (each: number) => {
      const answer = await fetch(`http://localhost:${each}/health`).catch(() => null)
      return answer === null ? null : ((await answer.json()) as { streamer: string; viewers: number })
    }
    expect([await health(Number(address.port)), await health(port ?? 0)]).toMatchObject([
      { viewers: 2 },
      { viewers: 1 },
    ])
    for (const id of await system.processes("streamer/src/main.ts"))
      if ((await environmentOf(id)).includes(`STREAMER_PORT=${address.port}`)) process.kill(id, "SIGKILL")
    await near.ended
    const report = await playsOn(far, 4)
    expect(report).toMatchObject(unbroken)
    expect([account(first)?.active, account(first)?.peak, active(second)]).toEqual([1, 1, 0])
  }, 60_000)
})
