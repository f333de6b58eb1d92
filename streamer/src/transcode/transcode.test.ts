import { afterEach, describe, expect, it, vi } from "vitest"
import type { Player } from "../../../infra/e2e/player/play.ts"
import { until } from "../pool/pool-fixture.ts"
import { fresh, plays, playsOn, unbroken, useWorld, world } from "../pool/test-pool.ts"
import type { Transcode } from "./transcode.ts"
import {
  copy,
  formatOf,
  isRunning,
  liveOf,
  small,
  startTranscoding,
  type Transcoding,
} from "./transcode-fixture.ts"
import type { TranscodePool } from "./transcode-pool.ts"

vi.setConfig({ testTimeout: 40_000, hookTimeout: 60_000 })
useWorld()

const opened: (Transcoding | Player)[] = []
afterEach(async () => {
  for (const each of opened.splice(0).reverse()) await each.close()
})
async function transcoding(...given: Parameters<typeof startTranscoding>): Promise<Transcoding> {
  const made = await startTranscoding(...given)
  opened.push(made)
  return made
}
async function obtained(
  pool: TranscodePool,
  ...given: Parameters<TranscodePool["obtain"]>
): Promise<Transcode> {
  const result = await pool.obtain(...given)
  if (!result.ok) throw new Error(JSON.stringify(result))
  return result.transcode
}
const pidOf = (transcode: Transcode) => transcode.report().pid ?? 0

describe("a transcode", () => {
  it("gives what its recipe says, from one connection to the provider whatever the qualities", async () => {
    const streamer = await fresh()
    const { pool, play } = await transcoding()
    const live = await liveOf(streamer, 1)
    const [one, other, third] = await Promise.all([
      obtained(pool, live, { id: "small", recipe: small }),
      obtained(pool, live, { id: "copy", recipe: copy }),
      obtained(pool, live, { id: "also-small", recipe: { ...small } }),
    ])
    expect(third).toBe(one)
    expect([...one.profiles]).toEqual(["small", "also-small"])
    const players = [one, other, one, other, one].map((transcode) => play(live, transcode))
    opened.push(...players)
    for (const player of players) expect(await plays(player)).toMatchObject(unbroken)
    await until(
      "the sizes are known",
      () => formatOf(one).video?.height != null && formatOf(other).video?.height != null,
    )
    expect(formatOf(one).video).toMatchObject({ codec: "h264", width: 106, height: 60 })
    expect(formatOf(other).video).toMatchObject({ codec: "h264", width: 160, height: 90 })
    expect(world.tally()).toMatchObject({ active: 1, opened: 1 })
    expect(one.report()).toMatchObject({ state: "running", restarts: 0, viewers: [{}, {}, {}] })
  })

  it("keeps its viewers while ffmpeg is killed again and again, their streams unbroken", async () => {
    const streamer = await fresh()
    const { pool, play } = await transcoding()
    const live = await liveOf(streamer, 1)
    const transcode = await obtained(pool, live, { id: "small", recipe: small })
    const player = play(live, transcode)
    opened.push(player)
    await plays(player)
    for (let kill = 1; kill <= 4; kill++) {
      const pid = pidOf(transcode)
      process.kill(pid, "SIGKILL")
      await until("ffmpeg runs again", () => {
        const { state, restarts } = transcode.report()
        return state === "running" && restarts === kill
      })
      expect(isRunning(pid)).toBe(false)
      await playsOn(player, 0.4)
    }
    expect(player.report()).toMatchObject(unbroken)
  })

  it("lets a failover pass: the same ffmpeg goes on", async () => {
    const streamer = await fresh()
    const { pool, play } = await transcoding()
    const live = await liveOf(streamer, 8)
    const transcode = await obtained(pool, live, { id: "small", recipe: small })
    const player = play(live, transcode)
    opened.push(player)
    await plays(player)
    const pid = pidOf(transcode)
    expect(live.failOver()).toBe(true)
    await until("it is on the other feed", () => live.connection.feed === "second")
    await playsOn(player, 3)
    expect(transcode.report()).toMatchObject({ pid, restarts: 0 })
    expect(player.report()).toMatchObject(unbroken)
  })

  it("starts a stuck ffmpeg anew", async () => {
    const streamer = await fresh()
    const { pool, play } = await transcoding({}, { stuckMilliseconds: 1_500 })
    const live = await liveOf(streamer, 1)
    const transcode = await obtained(pool, live, { id: "small", recipe: small })
    const player = play(live, transcode)
    opened.push(player)
    await plays(player)
    const pid = pidOf(transcode)
    process.kill(pid, "SIGSTOP")
    await until("another runs", () => transcode.report().state === "running" && pidOf(transcode) !== pid)
    expect([isRunning(pid), transcode.report().lastFailure]).toEqual([false, "stuck: no output"])
    await playsOn(player, 0.5)
    expect(player.report()).toMatchObject(unbroken)
  })

  it("is gone some time after its last viewer, and its ffmpeg with it", async () => {
    const streamer = await fresh()
    const { pool, play, running } = await transcoding({ poolGrace: 0.4 })
    const live = await liveOf(streamer, 1)
    const transcode = await obtained(pool, live, { id: "small", recipe: small })
    const player = play(live, transcode)
    await plays(player)
    expect(running()).toHaveLength(1)
    await player.close()
    expect(await transcode.closed).toEqual({ reason: "idle" })
    expect([running(), pool.transcodes.size]).toEqual([[], 0])
  })

  it("ends with its live stream", async () => {
    const streamer = await fresh()
    const { pool, play, running } = await transcoding()
    const live = await liveOf(streamer, 1)
    const transcode = await obtained(pool, live, { id: "copy", recipe: copy })
    const player = play(live, transcode)
    opened.push(player)
    await plays(player)
    await live.close("stopped")
    expect(await transcode.closed).toEqual({ reason: "stream-closed" })
    expect((await player.ended).ended).toBe("end")
    expect(running()).toEqual([])
  })
})
