import { describe, expect, it, vi } from "vitest"
import { channelId, staying, until } from "./pool-fixture.ts"
import { admitted, fresh, players, plays, slotsFree, useWorld, watch, world } from "./test-pool.ts"

vi.setConfig({ testTimeout: 20_000, hookTimeout: 60_000 })
useWorld()

describe("leases", () => {
  it("stop the upstream when they are lost", async () => {
    const streamer = await fresh()
    const ticket = await admitted(1)
    const player = await watch(streamer, ticket)
    await plays(player)
    await world.redis.del("source:demo:leases", "live")
    await streamer.beat()
    expect(streamer.lost).toEqual([ticket.lease])
    expect((await player.ended).ended).toBe("end")
    await slotsFree()
  })

  it("stop what is being opened when they are lost meanwhile", async () => {
    const streamer = await fresh({ stallTimeout: "10s" })
    world.provider.setFault(1, { kind: "hang", requests: 1 })
    const ticket = await admitted(1)
    const obtained = streamer.pool.obtain(ticket, staying())
    await until("the provider has the request", () => world.active() === 1)
    await world.redis.del("source:demo:leases", "live")
    await streamer.beat()
    // The one who waits is admitted anew, on a lease of their own.
    const result = await obtained
    expect(result).toMatchObject({ ok: true })
    expect(result.ok && result.ticket.lease).not.toBe(ticket.lease)
    expect(world.tally()).toMatchObject({ active: 1, peak: 1, opened: 2 })
    expect(await world.leases()).toBe(1)
  })

  it("are asserted anew when the store has lost its data: no viewer notices", async () => {
    const streamer = await fresh()
    const player = await watch(streamer, await admitted(1, "ann"))
    await plays(player)
    const sources = await world.redis.hgetall<Record<string, string>>("config:sources")
    await world.redis.flushdb()
    await world.redis.hset("config:sources", asObject(sources))
    await streamer.beat()
    expect(await world.leases()).toBe(1)
    expect(await world.sessions("ann")).toHaveLength(1)
    expect(player.report().ended).toBeNull()
    expect(streamer.lost).toEqual([])
  })

  it("are not asserted when nobody said yet that they are ours: they may have been given away before", async () => {
    const streamer = await fresh()
    const late = await admitted(1, "bob")
    await admitted(2, "bob")
    const sources = await world.redis.hgetall<Record<string, string>>("config:sources")
    const viewers = await world.redis.hgetall<Record<string, string>>("config:viewers")
    await world.redis.flushdb()
    await world.redis.hset("config:sources", asObject(sources))
    await world.redis.hset("config:viewers", asObject(viewers))
    const result = await streamer.pool.obtain(late, staying())
    expect(result).toMatchObject({ ok: false, code: "refused", admission: { code: "no_capacity" } })
    expect([await world.leases(), world.tally().opened]).toEqual([0, 0])
  })

  it("are renewed, so that they do not run out", async () => {
    const streamer = await fresh()
    await plays(await watch(streamer, await admitted(1)))
    const score = async () =>
      Number((await world.redis.zrange<string[]>("source:demo:leases", 0, -1, { withScores: true }))[1])
    const before = await score()
    await until("the clock has moved", async () => {
      await streamer.beat()
      return (await score()) > before
    })
  })
})

/** What the client without deserialisation gives for a hash. */
function asObject(reply: unknown): Record<string, string> {
  const list = reply as string[]
  return Object.fromEntries(list.flatMap((name, at) => (at % 2 === 0 ? [[name, list[at + 1] ?? ""]] : [])))
}

describe("close", () => {
  it("leaves no connection and no lease", async () => {
    const streamer = await fresh({}, 3)
    for (const channel of [1, 2]) await plays(await watch(streamer, await admitted(channel)))
    expect(world.active()).toBe(2)
    await streamer.pool.close()
    expect(await world.leases()).toBe(0)
    expect(world.active()).toBe(0)
    for (const player of players) expect((await player.ended).ended).toBe("end")
  })

  it("leaves nothing of what was being opened, and opens nothing more", async () => {
    const streamer = await fresh({ stallTimeout: "10s" })
    world.provider.setFault(1, { kind: "hang" })
    const obtained = streamer.pool.obtain(await admitted(1), staying())
    await until("the provider has the request", () => world.active() === 1)
    await streamer.pool.close()
    expect(await obtained).toMatchObject({ ok: false, code: "refused", admission: { code: "no_streamer" } })
    expect(await world.leases()).toBe(0)
    await until("the provider sees the end", () => world.active() === 0)
    world.provider.clearFaults()
    expect(await streamer.pool.obtain(await admitted(2), staying())).toMatchObject({ ok: false })
    expect(world.tally().opened).toBe(1)
  })
})

describe("a store that is away", () => {
  it("changes nothing for a stream that runs: viewers stay, and others join", async () => {
    const streamer = await fresh()
    const ticket = await admitted(1, "ann")
    const player = await watch(streamer, ticket)
    await plays(player)
    await world.store.redis().destroy()
    try {
      expect(await streamer.beat()).not.toBe("held")
      const { packets } = player.report()
      await player.waitFor((report) => report.packets > packets + 200, 6_000)
      await plays(await watch(streamer, ticket))
      // A stream in grace is joined too: while the store is away it cannot have been promised to others.
      for (const each of players.splice(0)) await each.close()
      await until("it is idle", () => streamer.pool.streams.get(channelId(1))?.isIdle === true)
      await plays(await watch(streamer, ticket))
      expect(world.tally()).toMatchObject({ opened: 1, active: 1 })
      const other = { ...ticket, channel: channelId(2), key: channelId(2), lease: "none" }
      expect(await streamer.pool.obtain(other, staying())).toMatchObject({ code: "store_unavailable" })
    } finally {
      await world.store.restartRedis()
      await until("the store is back", async () => (await world.store.fetch("/ping")).status === 200)
    }
    await streamer.beat()
    expect(streamer.lost).toEqual([])
    expect(world.active()).toBe(1)
  })
})
