import { setImmediate } from "node:timers/promises"
import { describe, expect, it, vi } from "vitest"
import { channelId, staying, until } from "./pool-fixture.ts"
import { admitted, fresh, plays, slotsFree, useWorld, watch, world } from "./test-pool.ts"

vi.setConfig({ testTimeout: 20_000, hookTimeout: 60_000 })
useWorld()

describe("the same ticket again, as its stream closes", () => {
  it("never runs two connections, nor one without a lease", async () => {
    const streamer = await fresh()
    const ticket = await admitted(1)
    for (let round = 0; round < 15; round++) {
      const first = await streamer.pool.obtain(ticket, staying())
      expect(first.ok).toBe(true)
      const closing = first.ok ? first.stream.close("stopped") : undefined
      const results = await Promise.all(
        Array.from({ length: 5 }, () => streamer.pool.obtain(ticket, staying())),
      )
      await closing
      for (const result of results) expect(result).toMatchObject({ ok: true })
      const streams = new Set(results.map((result) => result.ok && result.stream))
      expect(streams.size).toBe(1)
      expect(world.active()).toBe(1)
      expect(await world.leases()).toBe(1)
      const lost = streamer.lost.length
      await streamer.beat()
      expect(streamer.lost.length, `round ${round}`).toBe(lost)
    }
    expect(world.tally().peak).toBe(1)
  })

  it("stays consistent through many joins, leaves and losses at random moments", async () => {
    const streamer = await fresh({ poolGrace: "20ms" })
    const old = await admitted(1)
    const attempts = Array.from({ length: 60 }, async (_, index) => {
      await until("its turn", () => true)
      if (index % 7 === 3) await streamer.pool.closeLease(old.lease, "lease-lost")
      if (index % 5 === 2) await streamer.beat()
      const left = new AbortController()
      const obtained = streamer.pool.obtain(old, { isFresh: index % 2 === 0, left: left.signal })
      if (index % 4 === 1) left.abort()
      return obtained
    })
    await Promise.all(attempts)
    expect(world.tally().peak).toBe(1)
    await slotsFree()
    expect(streamer.pool.streams.size).toBe(0)
  })
})

describe("whatever the order of events", () => {
  it("never hands out a stream that closed while its lease was being confirmed", async () => {
    const streamer = await fresh()
    const ticket = await admitted(1)
    const first = await streamer.pool.obtain(ticket, staying())
    if (!first.ok) throw new Error(first.code)
    const proceed = streamer.delay("beat")
    const second = streamer.pool.obtain(ticket, staying())
    // The second one asks for the lease in this turn, and waits for the answer.
    await setImmediate()
    await first.stream.close("stopped")
    proceed()
    const result = await second
    expect(result.ok && result.stream.isOpen).toBe(true)
    expect(world.tally()).toMatchObject({ active: 1, peak: 1 })
  })

  it("does not use a lease anew before it was given back", async () => {
    const streamer = await fresh()
    const ticket = await admitted(1)
    const first = await streamer.pool.obtain(ticket, staying())
    if (!first.ok) throw new Error(first.code)
    const proceed = streamer.delay("release")
    const closing = first.stream.close("stopped")
    const second = streamer.pool.obtain(ticket, staying())
    await closing
    for (let count = 0; count < 5; count++) await streamer.beat()
    expect(streamer.pool.streams.get(channelId(1))?.isOpen).toBe(false)
    proceed()
    expect(await second).toMatchObject({ ok: true })
    expect(await world.leases()).toBe(1)
    const lost = streamer.lost.length
    await streamer.beat()
    expect(streamer.lost.length).toBe(lost)
  })

  it("does not take a beat that was under way for news of a new lease", async () => {
    const streamer = await fresh()
    const ticket = await admitted(1)
    await world.redis.del("source:demo:leases", "live")
    const proceed = streamer.delay("beat")
    const underWay = streamer.beat()
    const obtained = streamer.pool.obtain(ticket, staying())
    proceed()
    await underWay
    const result = await obtained
    expect(result.ok && result.ticket.lease).not.toBe(ticket.lease)
    expect(await world.leases()).toBe(1)
  })

  it("tells the store that a stream is watched again, when the last one's leaving is heard late", async () => {
    const streamer = await fresh()
    const ticket = await admitted(1)
    const first = await watch(streamer, ticket)
    await plays(first)
    const proceed = streamer.delay("leave")
    await first.close()
    await until("it is idle", () => streamer.pool.streams.get(channelId(1))?.isIdle === true)
    await plays(await watch(streamer, ticket))
    const before = streamer.calls("hold")
    proceed()
    await until("the store is asked", () => streamer.calls("hold") > before, 2_000)
    await until("it was told", async () => (await world.liveRecord(1))?.idleSince === null, 2_000)
    await until(
      "one watches",
      async () => Object.keys((await world.liveRecord(1))?.watchers ?? {}).length === 1,
    )
  })

  it("does not take a session for alive that is just being ended", async () => {
    const streamer = await fresh()
    const ticket = await admitted(1, "ann")
    const first = await watch(streamer, ticket)
    await plays(first)
    const proceed = streamer.delay("leave")
    await first.close()
    await until("it has left", () => streamer.pool.viewers === 0)
    const second = await watch(streamer, ticket)
    for (let count = 0; count < 5; count++) await streamer.beat()
    proceed()
    await plays(second)
    await streamer.beat()
    await streamer.beat()
    expect(second.report().ended).toBeNull()
    expect(await world.sessions("ann")).toHaveLength(1)
  })

  it("keeps a session that plays when another start of it fails", async () => {
    const streamer = await fresh()
    const ticket = await admitted(1, "ann")
    await plays(await watch(streamer, ticket))
    const { viewer, session: member, channel: key, lease } = ticket
    await streamer.keeper.sessions.abandon({ viewer, member, key, lease })
    expect(await world.sessions("ann")).toEqual([member])
  })
})
