import { describe, expect, it, vi } from "vitest"
import { ticketOf, until } from "./pool-fixture.ts"
import { fresh, plays, useWorld, watch, world } from "./test-pool.ts"

vi.setConfig({ testTimeout: 20_000, hookTimeout: 60_000 })
useWorld()

const direct = { streamMode: "direct" as const }
const ticketFor = async (address: string, viewer: string | null = null) =>
  ticketOf(await world.admit(1, viewer, "", address), 1)

describe("where each viewer has a connection of their own", () => {
  it("plays one channel for two of them over two connections", async () => {
    const streamer = await fresh(direct, 2)
    for (const address of ["sofa", "attic"]) await plays(await watch(streamer, await ticketFor(address)))
    expect(world.tally()).toMatchObject({ active: 2, opened: 2 })
    expect([streamer.pool.streams.size, await world.leases()]).toEqual([2, 2])
    expect(await world.admit(1, null, "", "cellar")).toMatchObject({ code: "no_capacity" })
  })

  it("gives a connection back soon after its viewer has left, whatever the grace", async () => {
    const streamer = await fresh({ ...direct, poolGrace: "60s" }, 2)
    const [one, other] = [await ticketFor("sofa"), await ticketFor("attic")]
    const leaving = await watch(streamer, one)
    await plays(leaving)
    await plays(await watch(streamer, other))
    await leaving.close()
    await until("its slot is free", async () => (await world.leases()) === 1 && world.active() === 1, 4_000)
    expect(streamer.pool.streams.has(other.key)).toBe(true)
  })

  it("fails over like any other", async () => {
    const streamer = await fresh(direct, 1)
    const ticket = ticketOf(await world.admit(8), 8)
    const player = await watch(streamer, ticket)
    await plays(player)
    world.provider.setFault(1, { kind: "end", running: true })
    await until(
      "it has failed over",
      () => streamer.pool.streams.get(ticket.key)?.connection.feed === "second",
    )
    const from = player.report().mediaSeconds
    expect(await player.waitFor((report) => report.mediaSeconds > from + 1, 6_000)).toMatchObject({
      ...{ ccErrors: 0, pcrJumps: 0, ended: null },
    })
    expect(world.tally()).toMatchObject({ active: 1, peak: 1 })
  })

  it("lets a viewer zap on the only connection", async () => {
    const streamer = await fresh(direct, 1)
    await plays(await watch(streamer, await ticketFor("sofa", "bob")))
    const next = ticketOf(await world.admit(2, "bob", "", "sofa"), 2)
    await plays(await watch(streamer, next))
    expect(world.tally()).toMatchObject({ active: 1, peak: 1, refused: 0 })
    expect(streamer.pool.streams.size).toBe(1)
  })
})
