import { describe, expect, it, vi } from "vitest"
import { channelId, staying, until } from "./pool-fixture.ts"
import { admitted, fresh, plays, useWorld, watch, world } from "./test-pool.ts"

vi.setConfig({ testTimeout: 20_000, hookTimeout: 60_000 })
useWorld()

const bob = "bob"

describe("a viewer who changes channel on an account of one connection", () => {
  it("sees the next one although the player has not left the first: the old connection is closed first", async () => {
    const streamer = await fresh()
    const first = await watch(streamer, await admitted(1, bob))
    await plays(first)
    const ticket = await admitted(2, bob)
    await plays(await watch(streamer, ticket))
    expect((await first.ended).ended).toBe("end")
    expect(world.tally()).toMatchObject({ active: 1, peak: 1, opened: 2, refused: 0 })
    expect(await world.leases()).toBe(1)
    expect(await world.sessions(bob)).toEqual([ticket.session])
    // With the admission at the edge, the zap took two commands.
    expect(["hold", "leave", "release"].map((name) => streamer.calls(name as "hold"))).toEqual([2, 0, 0])
  })

  it("may skip channels faster than their players open them", async () => {
    const streamer = await fresh()
    await plays(await watch(streamer, await admitted(1, bob)))
    await admitted(2, bob)
    await admitted(3, bob)
    await plays(await watch(streamer, await admitted(2, bob)))
    expect(world.tally()).toMatchObject({ active: 1, peak: 1, opened: 2, refused: 0 })
    expect(await world.leases()).toBe(1)
  })

  it("may come back before the next one was opened", async () => {
    const streamer = await fresh()
    await plays(await watch(streamer, await admitted(1, bob)))
    await admitted(2, bob)
    await plays(await watch(streamer, await admitted(1, bob)))
    expect(world.tally()).toMatchObject({ active: 1, peak: 1, refused: 0 })
    expect(await world.leases()).toBe(1)
  })

  it("gets nothing for a click that comes late, after a later one", async () => {
    const streamer = await fresh()
    const late = await admitted(1, bob)
    const last = await watch(streamer, await admitted(2, bob))
    await plays(last)
    expect(await streamer.pool.obtain(late, staying())).toMatchObject({
      ok: false,
      code: "refused",
      admission: { code: "no_capacity" },
    })
    expect(last.report().ended).toBeNull()
    expect(world.tally()).toMatchObject({ active: 1, peak: 1, opened: 1 })
  })

  it("waits for a provider that notices late that the old connection has ended", async () => {
    const streamer = await fresh()
    world.provider.setSettings({ releaseLagMs: 900 })
    await plays(await watch(streamer, await admitted(1, bob)))
    await plays(await watch(streamer, await admitted(2, bob)))
    expect(world.tally()).toMatchObject({ active: 1, peak: 1 })
    expect(streamer.refusals()).toBe(0)
  })

  it("ends nothing that somebody else watches", async () => {
    const streamer = await fresh()
    const ticket = await admitted(1, bob)
    const other = await watch(streamer, await admitted(1, "ann"))
    await plays(other)
    await plays(await watch(streamer, ticket))
    expect(await world.admit(2, bob)).toMatchObject({ code: "no_capacity", reasons: ["full"] })
    // When the other one has left, it is theirs alone again.
    await other.close()
    await until("the store knows", async () => (await world.sessions("ann")).length === 0)
    await plays(await watch(streamer, await admitted(2, bob)))
    expect(world.tally()).toMatchObject({ active: 1, peak: 1 })
  })
})

describe("a session that made room for another one", () => {
  it("ends at once", async () => {
    const streamer = await fresh({}, 2)
    const record = JSON.parse((await world.redis.hget<string>("config:viewers", "ann")) ?? "{}")
    await world.redis.hset("config:viewers", { ann: JSON.stringify({ ...record, whenFull: "replace" }) })
    const first = await watch(streamer, await admitted(1, "ann"))
    await plays(first)
    const beats = streamer.beats()
    await plays(await watch(streamer, await admitted(2, "ann")))
    expect((await first.ended).ended).toMatch(/end|error/)
    expect(streamer.beats()).toBe(beats)
    await until("its stream is idle", async () => (await world.liveRecord(1))?.idleSince != null)
    expect(streamer.pool.streams.get(channelId(2))?.viewers.size).toBe(1)
  })
})
