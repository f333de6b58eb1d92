import { describe, expect, it, vi } from "vitest"
import { staying, until } from "./pool-fixture.ts"
import { admitted, fresh, plays, slotsFree, useWorld, watch, world } from "./test-pool.ts"

vi.setConfig({ testTimeout: 20_000, hookTimeout: 60_000 })
useWorld()

describe("an upstream that does not open", () => {
  it.each([
    ["refuses", { kind: "refuse" }, "reset"],
    ["answers 404", { kind: "status", status: 404 }, "http_status"],
    ["hangs", { kind: "hang" }, "timeout"],
    ["sends a web page", { kind: "html" }, "not_video"],
  ] as const)("gives the slot and the session back at once when it %s", async (_, fault, code) => {
    const streamer = await fresh({ stallTimeout: "300ms" })
    world.provider.setFault(1, fault)
    const ticket = await admitted(1, "ann")
    const result = await streamer.pool.obtain(ticket, staying())
    expect(result).toMatchObject({ ok: false, code: "upstream_failed", failure: { code } })
    expect(await world.leases()).toBe(0)
    expect(await world.sessions("ann")).toEqual([])
    expect(streamer.pool.streams.size).toBe(0)
    await slotsFree()
    // The account and the viewer, each good for one, are free for another channel.
    await plays(await watch(streamer, await admitted(2, "ann")))
  })

  it("fails for all who wait for it, by one attempt", async () => {
    const streamer = await fresh()
    world.provider.setFault(1, { kind: "status", status: 404, requests: 1 })
    const ticket = await admitted(1)
    const results = await Promise.all(
      Array.from({ length: 20 }, () => streamer.pool.obtain(ticket, staying())),
    )
    expect(results.every((result) => !result.ok && result.code === "upstream_failed")).toBe(true)
    expect(world.provider.faults()).toEqual({})
    expect(world.tally().opened).toBe(0)
  })

  it("gives the slot back when the channel has gone from the catalogue, or its source from the config", async () => {
    const streamer = await fresh()
    const gone = { ...(await admitted(1)), feed: "feed-gone" }
    expect(await streamer.pool.obtain(gone, staying())).toMatchObject({ ok: false, code: "unknown_channel" })
    expect(await world.leases()).toBe(0)
  })

  it("gives the slot back when the config cannot be read", async () => {
    const streamer = await fresh()
    const ticket = await admitted(1)
    const source = vi.spyOn(streamer.config, "source").mockRejectedValueOnce(new Error("store away"))
    const result = await streamer.pool.obtain(ticket, staying())
    source.mockRestore()
    expect(result).toMatchObject({ ok: false, code: "store_unavailable" })
    expect(await world.leases()).toBe(0)
    expect((await streamer.pool.obtain(await admitted(1), staying())).ok).toBe(true)
  })
})

describe("a viewer who leaves while the upstream opens", () => {
  it("ends the attempt, and the slot is free at once", async () => {
    const streamer = await fresh({ stallTimeout: "10s" })
    world.provider.setFault(1, { kind: "hang" })
    const player = await watch(streamer, await admitted(1, "ann"))
    await until("the provider has the request", () => world.active() === 1)
    await player.close()
    await slotsFree()
    await until("the session has ended", async () => (await world.sessions("ann")).length === 0)
    expect(streamer.pool.streams.size).toBe(0)
  })

  it("changes nothing for another one who waits for it", async () => {
    const streamer = await fresh({ stallTimeout: "10s" })
    const ticket = await admitted(1)
    const left = new AbortController()
    const before = streamer.beats()
    const first = streamer.pool.obtain(ticket, { isFresh: true, left: left.signal })
    const second = streamer.pool.obtain(ticket, staying())
    await until("the lease is held", () => streamer.beats() > before)
    left.abort()
    expect((await second).ok).toBe(true)
    expect((await first).ok).toBe(true)
    expect(world.tally().opened).toBe(1)
  })

  it("does not fail one who comes when the attempt is being given up", async () => {
    const streamer = await fresh({ stallTimeout: "10s" })
    world.provider.setFault(1, { kind: "hang", requests: 1 })
    const left = new AbortController()
    const first = streamer.pool.obtain(await admitted(1), { isFresh: true, left: left.signal })
    await until("the provider has the request", () => world.active() === 1)
    left.abort()
    const second = streamer.pool.obtain(await admitted(1), staying())
    expect(await first).toMatchObject({ ok: false, failure: { code: "aborted" } })
    expect(await second).toMatchObject({ ok: true })
    expect(world.tally().peak).toBe(1)
  })

  it("leaves an idle stream, which yields, when the stream opened nevertheless", async () => {
    const streamer = await fresh()
    const player = await watch(streamer, await admitted(1))
    await until("it is live", () => streamer.pool.streams.size === 1)
    await player.close()
    await until("it is marked idle", async () => (await world.liveRecord(1))?.idleSince != null)
    await plays(await watch(streamer, await admitted(2)))
    expect(world.tally()).toMatchObject({ peak: 1, refused: 0 })
  })
})
