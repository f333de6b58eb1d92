import { log } from "@tributary/shared/log/log"
import { keys } from "@tributary/shared/store/keys"
import { describe, expect, it } from "vitest"
import { AlwaysOn } from "./always-on.ts"
import { channelId, findChannel, until } from "./pool-fixture.ts"
import type { TestStreamer } from "./streamer-fixture.ts"
import { admitted, another, fresh, plays, slotsFree, useWorld, watch, world } from "./test-pool.ts"

useWorld()

const mark = (...channels: number[]) =>
  world.redis.hset(
    keys.edits,
    Object.fromEntries(channels.map((channel) => [channelId(channel), JSON.stringify({ alwaysOn: true })])),
  )

function alwaysOn(streamer: TestStreamer, now = () => 0): AlwaysOn {
  return new AlwaysOn({
    ...{ redis: world.redis, run: streamer.run, streamer: streamer.streamer, pool: streamer.pool, now },
    findChannel: async (id) => findChannel(id),
    logger: log("test", "pool"),
  })
}

const isRunning = (streamer: TestStreamer, channel: number) =>
  streamer.pool.streams.get(channelId(channel))?.isIdle === false

describe("a channel that is always on", () => {
  it("runs without viewers, beyond any grace, and is not given away", async () => {
    const streamer = await fresh({ poolGrace: "0s", publicPlaylist: false })
    await mark(1)
    await alwaysOn(streamer).look("1")
    expect(isRunning(streamer, 1)).toBe(true)
    await streamer.beat()
    expect((await world.liveRecord(1))?.idleSince).toBeNull()
    expect((await world.admit(2, "bob")).code).toBe("no_capacity")
    const viewer = await watch(streamer, await admitted(1, "bob"))
    await plays(viewer)
    await viewer.close()
    await until("nobody watches", () => streamer.pool.viewers === 0)
    expect(isRunning(streamer, 1)).toBe(true)
    expect(world.tally()).toMatchObject({ active: 1, opened: 1 })
  })

  it("keeps on running when it was opened for a viewer, and ends when it is no more always on", async () => {
    const streamer = await fresh({ poolGrace: "0s" })
    const always = alwaysOn(streamer)
    await always.look("0")
    const viewer = await watch(streamer, await admitted(1))
    await plays(viewer)
    await mark(1)
    await always.look("1")
    await viewer.close()
    await until("nobody watches", () => streamer.pool.viewers === 0)
    expect(isRunning(streamer, 1)).toBe(true)
    await world.redis.del(keys.edits)
    await always.look("2")
    await slotsFree()
  })

  it("runs on one streamer of several, and on another when that one is gone", async () => {
    const first = await fresh({}, 2)
    const second = await another()
    await mark(1)
    let now = 0
    const [one, two] = [alwaysOn(first), alwaysOn(second, () => now)]
    await one.look("1")
    await two.look("1")
    expect([isRunning(first, 1), isRunning(second, 1)]).toEqual([true, false])
    expect(world.tally()).toMatchObject({ active: 1, opened: 1 })
    await first.close()
    now = 29_999
    await two.look("1")
    expect(isRunning(second, 1)).toBe(false)
    now = 30_000
    await two.look("1")
    expect(isRunning(second, 1)).toBe(true)
  })

  it("is opened once when all streamers look for it at the same time", async () => {
    const both = [await fresh({}, 2), await another()]
    await mark(1)
    await Promise.all(both.map((streamer) => alwaysOn(streamer).look("1")))
    expect(both.filter((streamer) => isRunning(streamer, 1))).toHaveLength(1)
    expect(world.tally()).toMatchObject({ active: 1, opened: 1 })
  })

  it("takes nobody's connection, and waits longer each time there is no room", async () => {
    const streamer = await fresh()
    await plays(await watch(streamer, await admitted(2, "bob")))
    await mark(1)
    let now = 0
    const always = alwaysOn(streamer, () => now)
    const looksAt = async (milliseconds: number) => {
      now = milliseconds
      const before = streamer.calls("acquire")
      await always.look("1")
      return streamer.calls("acquire") > before
    }
    const looks: boolean[] = []
    for (const at of [0, 4_999, 5_000, 14_999, 15_000, 34_999, 35_000]) looks.push(await looksAt(at))
    expect(looks).toEqual([true, false, true, false, true, false, true])
    expect([isRunning(streamer, 1), isRunning(streamer, 2)]).toEqual([false, true])
    expect(world.tally()).toMatchObject({ active: 1, opened: 1 })
  })
})
