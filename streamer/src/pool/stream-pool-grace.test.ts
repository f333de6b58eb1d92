import { describe, expect, it, vi } from "vitest"
import { channelId, staying, until } from "./pool-fixture.ts"
import { admitted, fresh, players, plays, slotsFree, useWorld, watch, world } from "./test-pool.ts"

vi.setConfig({ testTimeout: 20_000, hookTimeout: 60_000 })
useWorld()

describe("grace", () => {
  it("begins with the last viewer's leaving, closes the connection, and then gives the slot back", async () => {
    const streamer = await fresh({ poolGrace: "150ms" })
    const player = await watch(streamer, await admitted(1))
    await plays(player)
    expect(await world.leases()).toBe(1)
    await player.close()
    await until("it is marked idle", async () => (await world.liveRecord(1))?.idleSince != null)
    expect(world.active()).toBe(1)
    let leasesWhenClosed = -1
    await until("the provider sees the end", () => world.active() === 0)
    leasesWhenClosed = await world.leases()
    await slotsFree()
    expect(leasesWhenClosed).toBeLessThanOrEqual(1)
    expect(streamer.pool.streams.size).toBe(0)
    expect(await world.liveRecord(1)).toBeNull()
  })

  it("never frees the slot before the provider's connection is closed", async () => {
    const streamer = await fresh({ poolGrace: "50ms" })
    for (let round = 0; round < 10; round++) {
      const result = await streamer.pool.obtain(await admitted(1), staying())
      expect(result.ok).toBe(true)
      let held = 1
      while (held > 0) held = await world.leases()
      expect(world.active()).toBe(0)
    }
  })

  it("keeps the connection for who joins within it, and the store knows that it is watched again", async () => {
    const streamer = await fresh()
    const ticket = await admitted(1)
    await plays(await watch(streamer, ticket))
    await players.splice(0)[0]?.close()
    await until("it is marked idle", async () => (await world.liveRecord(1))?.idleSince != null)
    await plays(await watch(streamer, ticket))
    expect((await world.liveRecord(1))?.idleSince).toBeNull()
    expect(world.tally()).toMatchObject({ opened: 1, active: 1 })
  })

  it("does not leave a stream marked idle when the next viewer comes as the last one leaves", async () => {
    const streamer = await fresh()
    const ticket = await admitted(1)
    for (let round = 0; round < 10; round++) {
      const player = await watch(streamer, ticket)
      await plays(player)
      const next = streamer.play(ticket)
      await Promise.all([player.close(), next])
      players.push(await next)
      await plays(await next)
      await until("it is not idle", async () => (await world.liveRecord(1))?.idleSince === null, 1_000)
      await (await next).close()
    }
    expect(world.tally()).toMatchObject({ opened: 1, peak: 1 })
  })
})

describe("a stream that yields its connection", () => {
  it("is closed at the provider before the new one opens, through twenty zaps", async () => {
    const streamer = await fresh()
    let player = await watch(streamer, await admitted(1))
    await plays(player)
    for (let zap = 0; zap < 20; zap++) {
      await player.close()
      const channel = 1 + ((zap + 1) % 2)
      await until("it is marked idle", async () => (await world.liveRecord(3 - channel))?.idleSince != null)
      player = await watch(streamer, await admitted(channel))
      await plays(player)
      expect(await world.leases()).toBe(1)
    }
    expect(world.tally()).toMatchObject({ active: 1, peak: 1, refused: 0, opened: 21 })
  })

  it("waits for a provider that counts a closed connection a little longer", async () => {
    const streamer = await fresh()
    world.provider.setSettings({ releaseLagMs: 150 })
    await (await streamer.play(await admitted(1))).waitFor((report) => report.packets > 20, 6_000)
    await until("it is watched", () => streamer.pool.viewers === 1)
    for (const viewer of [...(streamer.pool.streams.get(channelId(1))?.viewers.keys() ?? [])])
      viewer.destroy()
    await until("it is marked idle", async () => (await world.liveRecord(1))?.idleSince != null)
    await plays(await watch(streamer, await admitted(2)))
  })

  it("may be wanted again at once by who left it", async () => {
    const streamer = await fresh()
    const first = await admitted(1)
    const result = await streamer.pool.obtain(first, staying())
    expect(result.ok).toBe(true)
    const ending = { viewer: null, member: first.session, key: channelId(1), lease: first.lease }
    await streamer.keeper.sessions.leave(ending, { sessions: {}, crowd: null })
    const second = await admitted(2)
    expect(second.yielded).toBe(first.lease)
    // Both at once: the old ticket comes back while its stream is being closed for the new one.
    const [again, other] = await Promise.all([
      streamer.pool.obtain(first, staying()),
      streamer.pool.obtain(second, staying()),
    ])
    expect([again.ok, other.ok].filter(Boolean).length).toBeGreaterThanOrEqual(1)
    expect(world.tally().peak).toBe(1)
    await until("one lease is left", async () => (await world.leases()) === 1)
  })
})
