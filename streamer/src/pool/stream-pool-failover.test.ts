import { keys } from "@tributary/shared/store/keys"
import { describe, expect, it, vi } from "vitest"
import { channelId, spare, ticketOf, until } from "./pool-fixture.ts"
import { admitted, another, fresh, plays, playsOn, unbroken, useWorld, watch, world } from "./test-pool.ts"

vi.setConfig({ testTimeout: 30_000, hookTimeout: 60_000 })
useWorld()

const backup = { name: "Backup", ...spare, maxStreams: 1 }
const stall = { stallTimeout: "1s" }

const streamOf = (streamer: Awaited<ReturnType<typeof fresh>>, channel = 8) => {
  const stream = streamer.pool.streams.get(channelId(channel))
  if (stream === undefined) throw new Error("there is no such stream")
  return stream
}

describe("a feed that fails in mid-play", () => {
  it.each([
    ["ends", { kind: "end" }, 500],
    ["is reset", { kind: "reset" }, 500],
    ["stalls", { kind: "stall" }, 1_500],
    ["sends garbage", { kind: "garbage" }, 3_000],
  ] as const)("and %s is followed by the next one, and no viewer notices", async (_, fault, patience) => {
    const streamer = await fresh(stall)
    const ticket = await admitted(8)
    const viewers = await Promise.all([watch(streamer, ticket), watch(streamer, ticket)])
    for (const viewer of viewers) await playsOn(viewer)
    world.provider.setFault(1, { ...fault, running: true })
    await until("it has failed over", () => streamOf(streamer).connection.feed === "second")
    for (const viewer of viewers) {
      const report = await playsOn(viewer)
      expect(report).toMatchObject(unbroken)
      expect(report.discontinuities).toBeGreaterThan(0)
      // What is not sent for a keyframe's sake is no gap of the failover.
      expect(report.maxGapMs).toBeLessThan(patience)
    }
    // On an account of one connection: the old one was closed first.
    expect(world.tally()).toMatchObject({ active: 1, peak: 1, refused: 0 })
    expect(await world.liveRecord(8)).toMatchObject({ feed: "second", lease: ticket.lease })
    expect(streamOf(streamer).report()).toMatchObject({ state: "live", failovers: 1, isFailover: true })
  })

  it("is tried again at once when it had played well, and stays then", async () => {
    const streamer = await fresh()
    const viewer = await watch(streamer, await admitted(8))
    await playsOn(viewer, 5.5)
    world.provider.setFault(1, { kind: "reset", running: true })
    world.provider.clearFaults(1)
    world.provider.setFault(1, { kind: "end", running: true, requests: 1 })
    await until("it has failed over", () => streamOf(streamer).report().failovers === 1, 9_000)
    expect(await playsOn(viewer)).toMatchObject(unbroken)
  })

  it("is the only one: it is tried until it is back, and meanwhile viewers get null packets", async () => {
    const streamer = await fresh()
    const viewer = await watch(streamer, await admitted(1))
    await playsOn(viewer)
    world.provider.setFault(1, { kind: "end", running: true }, { kind: "status", status: 404 })
    await until("it fails", () => streamOf(streamer, 1).report().state === "failing")
    await viewer.waitFor((report) => report.nullPackets > 20, 5_000)
    expect(streamOf(streamer, 1).report().lastFailure).toBe("the provider ended the stream")
    world.provider.clearFaults()
    const report = await playsOn(viewer)
    expect(report).toMatchObject(unbroken)
    expect(world.tally()).toMatchObject({ active: 1, peak: 1 })
    expect(await world.redis.get(keys.feedHealth("feed-1"))).toBeNull()
  })

  it("moves its lease to another account when its own refuses", async () => {
    const streamer = await fresh({}, 1, [backup])
    const ticket = await admitted(1)
    const viewer = await watch(streamer, ticket)
    await playsOn(viewer)
    world.provider.setFault(1, { kind: "end", running: true, account: "demo" })
    world.provider.setAccount("demo", { status: "Banned" })
    const report = await playsOn(viewer, 2)
    expect(report).toMatchObject(unbroken)
    expect(world.tally("spare")).toMatchObject({ active: 1, peak: 1 })
    expect(world.active()).toBe(0)
    world.provider.setAccount("demo", { status: "Active" })
    expect(await world.liveRecord(1)).toMatchObject({ lease: ticket.lease, feed: "feed-1" })
    expect(await world.leases()).toBe(1)
    // The heartbeat knows it under its new name.
    expect(await streamer.beat()).toBe(true)
    expect(streamer.lost).toEqual([])
  })

  it("shows a slate after 5 s, and the feed as soon as it is back", async () => {
    const streamer = await fresh({ retryDelay: "1s" })
    const viewer = await watch(streamer, await admitted(1))
    await playsOn(viewer)
    world.provider.setFault(1, { kind: "end", running: true })
    const slate = await viewer.waitFor((report) => report.discontinuities > 0, 9_000)
    expect(slate.maxGapMs).toBeGreaterThan(4_500)
    expect(slate.maxGapMs).toBeLessThan(7_500)
    await playsOn(viewer)
    const before = streamOf(streamer, 1).report()
    expect(before).toMatchObject({ state: "failing", failovers: 0 })
    world.provider.clearFaults()
    await until("it is back", () => streamOf(streamer, 1).report().state === "live")
    expect(await playsOn(viewer)).toMatchObject(unbroken)
  })

  it("ends its viewers when no feed has come back for too long", async () => {
    const streamer = await fresh()
    const viewer = await watch(streamer, await admitted(8))
    await playsOn(viewer)
    world.provider.setFault("*", { kind: "end", running: true })
    const report = await viewer.ended
    expect(report).toMatchObject({ ...unbroken, ended: "end" })
    expect(await world.leases()).toBe(0)
    expect(world.active()).toBe(0)
  })

  it("is not followed by anything when nobody watches", async () => {
    const streamer = await fresh({ poolGrace: "60s" })
    const viewer = await watch(streamer, await admitted(8))
    await playsOn(viewer, 0.5)
    await viewer.close()
    await until("it is idle", () => streamOf(streamer).isIdle)
    world.provider.setFault(1, { kind: "end", running: true })
    await until("it is closed", () => streamer.pool.streams.size === 0)
    expect(world.tally()).toMatchObject({ opened: 1, active: 0 })
  })

  it("that never shows a picture is left as well, before its viewer saw anything", async () => {
    const streamer = await fresh()
    world.provider.setFault(1, { kind: "end", afterBytes: 6_000 })
    const viewer = await watch(streamer, await admitted(8))
    await plays(viewer)
    expect(await playsOn(viewer)).toMatchObject(unbroken)
    expect(streamOf(streamer).connection.feed).toBe("second")
  })

  it("yields the idle stream's connection that the next one needs", async () => {
    const streamer = await fresh({ poolGrace: "60s" }, 1, [backup])
    const idle = await watch(streamer, await admitted(2))
    await plays(idle)
    const ticket = await admitted(1)
    expect(ticket.profile).not.toBe("primary")
    const viewer = await watch(streamer, ticket)
    await playsOn(viewer)
    await idle.close()
    await until("it is idle", async () => (await world.liveRecord(2))?.idleSince != null)
    world.provider.setAccount("spare", { status: "Banned" })
    world.provider.setFault(1, { kind: "end", running: true, account: "spare" })
    expect(await playsOn(viewer, 2)).toMatchObject(unbroken)
    world.provider.setAccount("spare", { status: "Active" })
    expect(world.tally()).toMatchObject({ active: 1, peak: 1, refused: 0 })
    expect(streamer.pool.streams.size).toBe(1)
  })
})

describe("a failover by hand", () => {
  it("goes to the next feed, then to the first again, and drops nobody", async () => {
    const streamer = await fresh()
    const viewer = await watch(streamer, await admitted(8))
    await playsOn(viewer)
    for (const feed of ["second", "first", "second"]) {
      expect(streamOf(streamer).failOver()).toBe(true)
      await until(`it is on ${feed}`, () => streamOf(streamer).connection.feed === feed)
      expect(await playsOn(viewer)).toMatchObject(unbroken)
    }
    expect(world.tally()).toMatchObject({ active: 1, peak: 1, refused: 0 })
    expect(streamOf(streamer).report()).toMatchObject({ failovers: 3 })
  })

  it("comes back to the only feed that there is", async () => {
    const streamer = await fresh()
    const viewer = await watch(streamer, await admitted(1))
    await playsOn(viewer)
    streamOf(streamer, 1).failOver()
    await until("it has come back", () => streamOf(streamer, 1).report().failovers === 1)
    expect(await playsOn(viewer)).toMatchObject(unbroken)
  })
})

describe("a relayed stream", () => {
  /** One viewer in Europe at the first streamer, one in America at the second, which relays. */
  async function relayed(channel = 1) {
    const europe = await fresh()
    const america = await another("NA")
    const near = await watch(europe, await admitted(channel))
    await plays(near)
    const ticket = ticketOf(await world.admit(channel, null, "NA", "overseas"), channel)
    expect(ticket).toMatchObject({ streamer: america.streamer, relay: europe.streamer })
    const far = await watch(america, ticket)
    await playsOn(far)
    expect(world.tally()).toMatchObject({ active: 1, peak: 1 })
    return { europe, america, near, far, ticket }
  }

  it("takes the provider's connection when its origin is killed, and its viewers stay", async () => {
    const { europe, america, far } = await relayed()
    await europe.crash()
    await until("it has its own connection", () => streamOf(america, 1).connection.relay === null)
    expect(await playsOn(far)).toMatchObject(unbroken)
    expect(world.tally()).toMatchObject({ active: 1, peak: 1, refused: 0 })
    expect(await world.liveRecord(1)).toMatchObject({ streamer: america.streamer })
    expect(await world.leases()).toBe(1)
    expect(await america.beat()).toBe(true)
    expect(america.lost).toEqual([])
    // Whoever watched at the origin comes back, and joins here.
    const again = await admitted(1)
    expect(again).toMatchObject({ lease: streamOf(america, 1).connection.lease })
  })

  it("opens the channel itself when its origin has closed it", async () => {
    const { europe, america, far } = await relayed()
    const [stream] = europe.pool.streams.values()
    await stream?.close("stopped")
    await until("it has its own connection", () => streamOf(america, 1).connection.relay === null)
    expect(await playsOn(far)).toMatchObject(unbroken)
    expect(world.tally()).toMatchObject({ active: 1, peak: 1 })
  })

  it("is failed over by its origin, without knowing", async () => {
    const { europe, america, far, near } = await relayed(8)
    world.provider.setFault(1, { kind: "end", running: true })
    await until("it has failed over", () => streamOf(europe).connection.feed === "second")
    for (const viewer of [near, far]) expect(await playsOn(viewer)).toMatchObject(unbroken)
    expect(streamOf(america).report()).toMatchObject({ failovers: 0, relay: europe.streamer })
    expect(await america.beat()).toBe(true)
    expect((await world.liveRecord(8))?.watchers).toMatchObject({})
  })
})
