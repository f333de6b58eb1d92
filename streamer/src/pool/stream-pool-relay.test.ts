import { describe, expect, it, vi } from "vitest"
import { channelId, until } from "./pool-fixture.ts"
import { admitted, another, fresh, plays, slotsFree, useWorld, watch, world } from "./test-pool.ts"

vi.setConfig({ testTimeout: 20_000, hookTimeout: 60_000 })
useWorld()

/** A channel that is live in Europe, and a streamer in Asia. */
async function liveFarAway() {
  const origin = await fresh({ poolGrace: "50ms" })
  const first = await watch(origin, await admitted(1, "ann"))
  await plays(first)
  const near = await another("AS")
  const ticket = await admitted(1, "bob", "AS")
  expect(ticket).toMatchObject({ streamer: near.streamer, relay: origin.streamer })
  return { origin, near, first, ticket }
}

describe("a relay", () => {
  it("feeds viewers of another continent from the one provider connection", async () => {
    const { origin, near, first, ticket } = await liveFarAway()
    const second = await watch(near, ticket)
    await plays(second)
    await plays(await watch(near, await admitted(1, null, "AS")))
    expect(second.report()).toMatchObject({ aligned: true, tablesFirst: true, startsOnKeyframe: true })
    expect(world.tally()).toMatchObject({ active: 1, peak: 1, opened: 1 })
    expect(await world.leases()).toBe(1)
    expect([origin.pool.viewers, near.pool.viewers]).toEqual([2, 2])
    expect(first.report().ended).toBeNull()
  })

  it("keeps its viewers known as such, whoever of the origin's own leaves", async () => {
    const { origin, near, first, ticket } = await liveFarAway()
    await plays(await watch(near, ticket))
    await near.beat()
    await first.close()
    await until("the store knows", async () => (await world.sessions("ann")).length === 0)
    await origin.beat()
    const record = await world.liveRecord(1)
    expect(record).toMatchObject({ idleSince: null, streamer: origin.streamer })
    expect(Object.keys(record?.watchers ?? {})).toEqual([ticket.session])
    // Another channel does not get its connection, except by a zap of the one who watches it.
    expect(await world.admit(2, "ann")).toMatchObject({ code: "no_capacity" })
    expect(await world.admit(2, "bob", "AS")).toMatchObject({ code: "open", relay: origin.streamer })
  })

  it("carries a zap: the origin closes the old connection before it opens the new one", async () => {
    const { origin, near, first, ticket } = await liveFarAway()
    await plays(await watch(near, ticket))
    await first.close()
    await until("the store knows", async () => (await world.sessions("ann")).length === 0)
    const next = await admitted(2, "bob", "AS")
    expect(next).toMatchObject({ streamer: near.streamer, relay: origin.streamer, yielded: ticket.lease })
    await plays(await watch(near, next))
    expect([...origin.pool.streams.keys()]).toEqual([channelId(2)])
    expect(world.tally()).toMatchObject({ active: 1, peak: 1, opened: 2 })
  })

  it("ends with its last viewer, and the origin's connection after it", async () => {
    const { near, origin, first, ticket } = await liveFarAway()
    const second = await watch(near, ticket)
    await plays(second)
    await Promise.all([first.close(), second.close()])
    await slotsFree()
    await until("nothing runs", () => near.pool.streams.size + origin.pool.streams.size === 0)
    expect(await world.liveRecord(1)).toBeNull()
  })

  it("is opened here instead when its origin has gone meanwhile", async () => {
    const { near, origin, first, ticket } = await liveFarAway()
    await first.close()
    await slotsFree()
    await world.redis.hdel("streamers", origin.streamer)
    const player = await watch(near, ticket)
    await plays(player)
    expect(near.pool.streams.get(channelId(1))?.connection.relay).toBeNull()
    expect(world.tally()).toMatchObject({ active: 1, peak: 1 })
  })
})
