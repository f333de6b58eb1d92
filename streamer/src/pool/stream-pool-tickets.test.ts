import { describe, expect, it, vi } from "vitest"
import { staying, ticketOf, until } from "./pool-fixture.ts"
import type { TestStreamer } from "./streamer-fixture.ts"
import { admitted, another, fresh, players, plays, slotsFree, useWorld, watch, world } from "./test-pool.ts"

vi.setConfig({ testTimeout: 20_000, hookTimeout: 60_000 })
useWorld()

describe("an old ticket", () => {
  it("is admitted anew when its lease is gone", async () => {
    const streamer = await fresh({ poolGrace: "50ms" })
    const ticket = await admitted(1, "ann")
    await plays(await watch(streamer, ticket))
    await players.splice(0)[0]?.close()
    await slotsFree()
    const again = await streamer.pool.obtain(ticket, staying())
    expect(again).toMatchObject({ ok: true, ticket: { viewer: "ann" } })
    expect(again.ok && again.ticket.lease).not.toBe(ticket.lease)
    expect(await world.leases()).toBe(1)
  })

  it("plays on after a reconnect: its session ended with the first connection, and is made anew", async () => {
    const streamer = await fresh()
    const ticket = await admitted(1, "ann")
    await plays(await watch(streamer, ticket))
    await players.splice(0)[0]?.close()
    await until("the session has ended", async () => (await world.sessions("ann")).length === 0)
    const player = await watch(streamer, ticket)
    await plays(player)
    await streamer.beat()
    await streamer.beat()
    expect(player.report().ended).toBeNull()
    expect(await world.sessions("ann")).toHaveLength(1)
    expect(world.tally().opened).toBe(1)
  })

  it("plays on when the reconnect comes as the first connection is noticed to be gone", async () => {
    const streamer = await fresh()
    const ticket = await admitted(1, "ann")
    let player = await watch(streamer, ticket)
    await plays(player)
    for (let round = 0; round < 10; round++) {
      const closing = player.close()
      const next = await watch(streamer, ticket)
      await closing
      await plays(next)
      await streamer.beat()
      await streamer.beat()
      expect(next.report().ended, `round ${round}`).toBeNull()
      player = next
    }
    expect(await world.sessions("ann")).toHaveLength(1)
    expect(world.tally().opened).toBe(1)
  })

  it("does not get around the viewer's limit", async () => {
    const streamer = await fresh({}, 2)
    const old = await admitted(1, "ann")
    await plays(await watch(streamer, old))
    await players.splice(0)[0]?.close()
    await until("the session has ended", async () => (await world.sessions("ann")).length === 0)
    await plays(await watch(streamer, await admitted(2, "ann")))
    const again = await streamer.pool.obtain(old, staying())
    expect(again).toMatchObject({ ok: false, code: "refused", admission: { code: "viewer_limit" } })
    expect(await world.sessions("ann")).toHaveLength(1)
  })

  it("is refused when every connection is taken", async () => {
    const streamer = await fresh({ poolGrace: "50ms" })
    const old = await admitted(1)
    await plays(await watch(streamer, old))
    await players.splice(0)[0]?.close()
    await slotsFree()
    await plays(await watch(streamer, await admitted(2)))
    expect(await streamer.pool.obtain(old, staying())).toMatchObject({
      ok: false,
      code: "refused",
      admission: { code: "no_capacity" },
    })
    expect(world.tally()).toMatchObject({ peak: 1, refused: 0 })
  })

  /** Ann's and Bob's, for a lease that is gone. Ann's comes first, and is being admitted when Bob's comes. */
  async function twoOld(streamer: TestStreamer, meanwhile: () => Promise<unknown>) {
    const tickets = [await admitted(1, "ann"), await admitted(1, "bob")]
    await world.redis.del("source:demo:leases", "live")
    await meanwhile()
    const proceed = streamer.delay("acquire")
    const before = streamer.calls("acquire")
    const results = tickets.map((ticket) => streamer.pool.obtain(ticket, staying()))
    await until("the lease is known to be lost", () => streamer.calls("acquire") > before)
    proceed()
    return Promise.all(results)
  }

  it("of one who may not watch any more is refused for them alone, when others wait with it", async () => {
    const streamer = await fresh()
    const [ann, bob] = await twoOld(streamer, async () => {
      const record = JSON.parse((await world.redis.hget<string>("config:viewers", "ann")) ?? "{}")
      await world.redis.hset("config:viewers", { ann: JSON.stringify({ ...record, enabled: false }) })
    })
    expect(ann).toMatchObject({ ok: false, code: "refused", admission: { code: "forbidden" } })
    expect(bob).toMatchObject({ ok: true, ticket: { viewer: "bob" } })
  })

  it("is sent elsewhere with its own viewer and session, when others wait with it", async () => {
    const streamer = await fresh()
    const far = await another("far")
    const results = await twoOld(streamer, async () => {
      const elsewhere = ticketOf(await world.admit(1, null, "far"), 1)
      expect((await far.pool.obtain(elsewhere, staying())).ok).toBe(true)
    })
    expect(results).toMatchObject(
      ["ann", "bob"].map((viewer) => ({ code: "elsewhere", admitted: { viewer, streamer: far.streamer } })),
    )
  })

  it("is refused for itself alone, when others come with it", async () => {
    const streamer = await fresh({ poolGrace: "50ms" }, 2)
    const old = await admitted(1, "ann")
    await plays(await watch(streamer, old))
    await players.splice(0)[0]?.close()
    await slotsFree()
    await plays(await watch(streamer, await admitted(2, "ann")))
    const forBob = { ...old, viewer: null, session: "a/b/c/1" }
    const [ann, bob] = await Promise.all([
      streamer.pool.obtain({ ...old, session: old.session }, { ...staying(), isFresh: true }),
      streamer.pool.obtain(forBob, staying()),
    ])
    expect(ann).toMatchObject({ ok: false, code: "refused" })
    expect(bob).toMatchObject({ ok: true, ticket: { viewer: null } })
  })

  it("of a HEAD, which holds nothing, is admitted when it is played", async () => {
    const streamer = await fresh()
    const told = await admitted(1, "ann")
    await world.redis.del("source:demo:leases", "live", "viewer:ann:sessions")
    const player = await watch(streamer, { ...told, lease: "", at: 0 })
    await plays(player)
    await streamer.beat()
    await streamer.beat()
    expect(player.report().ended).toBeNull()
    expect([await world.leases(), world.tally().peak]).toEqual([1, 1])
    expect(await world.sessions("ann")).toHaveLength(1)
  })

  it("of a streamer that was killed and started anew at its address makes the new one the stream's", async () => {
    const old = await fresh()
    const ticket = await admitted(1, "bob")
    await old.crash()
    const next = await another()
    await plays(await watch(next, ticket))
    expect(await world.liveRecord(1)).toMatchObject({ streamer: next.streamer, feed: ticket.feed })
    expect([await world.leases(), world.tally().peak]).toEqual([1, 1])
  })

  it("of another streamer is played all the same, from that one's connection", async () => {
    const first = await fresh()
    const ticket = await admitted(1)
    await plays(await watch(first, ticket))
    const second = await another()
    await plays(await watch(second, ticket))
    expect(second.pool.streams.get(ticket.key)?.connection.relay).toBe(first.streamer)
    expect([await world.leases(), world.tally()]).toMatchObject([1, { peak: 1, opened: 1 }])
  })

  it("names the streamer where the channel is live by now", async () => {
    const near = await fresh({ poolGrace: "50ms" })
    const old = await admitted(1)
    await plays(await watch(near, old))
    await players.splice(0)[0]?.close()
    await slotsFree()
    const far = await another("far")
    const elsewhere = ticketOf(await world.admit(1, null, "far"), 1)
    expect(elsewhere.streamer).toBe(far.streamer)
    await plays(await watch(far, elsewhere))
    expect(await near.pool.obtain(old, staying())).toMatchObject({
      ok: false,
      code: "elsewhere",
      admitted: { streamer: far.streamer },
    })
    const report = await (await watch(near, old)).waitFor((each) => each.packets > 20, 6_000)
    expect([report.redirects.length, report.status]).toEqual([1, 200])
    expect(world.tally()).toMatchObject({ opened: 2, peak: 1 })
  })
})
