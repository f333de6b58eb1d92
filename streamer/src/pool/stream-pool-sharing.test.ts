import { describe, expect, it, vi } from "vitest"
import { staying } from "./pool-fixture.ts"
import { admitted, fresh, plays, useWorld, watch, world } from "./test-pool.ts"

vi.setConfig({ testTimeout: 20_000, hookTimeout: 60_000 })
useWorld()

describe("sharing one connection", () => {
  it("opens one connection for fifty viewers who arrive at once, and starts each on a keyframe", async () => {
    const streamer = await fresh()
    const tickets = await Promise.all(Array.from({ length: 50 }, () => admitted(1)))
    const all = await Promise.all(tickets.map((ticket) => watch(streamer, ticket)))
    const reports = await Promise.all(all.map(plays))
    for (const report of reports)
      expect(report).toMatchObject({
        status: 200,
        tablesFirst: true,
        startsOnKeyframe: true,
        ccErrors: 0,
        aligned: true,
      })
    expect(world.tally()).toMatchObject({ active: 1, peak: 1, opened: 1, refused: 0 })
    expect(await world.leases()).toBe(1)
    expect(streamer.pool.viewers).toBe(50)
  })

  it("asks the store once or twice for all of them, not once for each", async () => {
    const streamer = await fresh()
    const ticket = await admitted(1)
    const before = streamer.beats()
    await Promise.all(Array.from({ length: 50 }, () => streamer.pool.obtain(ticket, staying())))
    expect(streamer.beats() - before).toBeLessThanOrEqual(2)
  })

  it("gives each viewer their own session of the stream that one of them opened", async () => {
    const streamer = await fresh()
    const [one, two] = [await admitted(1, "ann"), await admitted(1, "bob")]
    const results = await Promise.all([one, two].map((ticket) => streamer.pool.obtain(ticket, staying())))
    expect(results.map((result) => result.ok && [result.ticket.viewer, result.ticket.session])).toEqual([
      ["ann", one.session],
      ["bob", two.session],
    ])
    expect(one.session).not.toBe(two.session)
  })
})

describe("two tickets with different leases for one channel", () => {
  it("share the connection of the lease that is in force", async () => {
    const streamer = await fresh()
    const stale = await admitted(1)
    await world.redis.del("source:demo:leases", "live")
    const current = await admitted(1)
    expect(current.lease).not.toBe(stale.lease)
    const results = await Promise.all(
      [stale, current].map((ticket) => streamer.pool.obtain(ticket, staying())),
    )
    expect(results.map((result) => result.ok && result.ticket.lease)).toEqual([current.lease, current.lease])
    expect(world.tally()).toMatchObject({ opened: 1, peak: 1 })
    expect(await world.leases()).toBe(1)
  })

  it("move to the new lease when the stream runs on one that is lost", async () => {
    const streamer = await fresh()
    const lost = await admitted(1)
    const player = await watch(streamer, lost)
    await plays(player)
    await world.redis.del("source:demo:leases", "live")
    const current = await admitted(1)
    const result = await streamer.pool.obtain(current, staying())
    expect(result).toMatchObject({ ok: true, ticket: { lease: current.lease } })
    expect(result.ok && result.stream.connection.lease).toBe(current.lease)
    expect((await player.ended).ended).toBe("end")
    expect(world.tally()).toMatchObject({ active: 1, peak: 1, opened: 2 })
  })
})
