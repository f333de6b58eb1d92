import { setImmediate } from "node:timers/promises"
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from "vitest"
import type { Player } from "../../../infra/e2e/player/play.ts"
import {
  channelId,
  startStreamer,
  startWorld,
  staying,
  type TestStreamer,
  ticketOf,
  until,
  type World,
} from "./pool-fixture.ts"

vi.setConfig({ testTimeout: 20_000, hookTimeout: 60_000 })

let world: World
const streamers: TestStreamer[] = []
const players: Player[] = []

beforeAll(async () => {
  world = await startWorld()
})
afterEach(async () => {
  for (const player of players.splice(0)) await player.close()
  for (const streamer of streamers.splice(0)) await streamer.close()
})
afterAll(() => world.close())

type Settings = Parameters<World["reset"]>[0]

/** A fresh installation with one streamer. */
async function fresh(settings: Settings = {}, maxStreams = 1): Promise<TestStreamer> {
  await world.reset(settings, maxStreams)
  return another()
}
async function another(region = ""): Promise<TestStreamer> {
  const streamer = await startStreamer(world, region)
  streamers.push(streamer)
  return streamer
}
const admitted = async (channel: number, viewer: string | null = null) =>
  ticketOf(await world.admit(channel, viewer), channel)
async function watch(streamer: TestStreamer, ticket: Awaited<ReturnType<typeof admitted>>): Promise<Player> {
  const player = await streamer.play(ticket)
  players.push(player)
  return player
}
const plays = (player: Player) =>
  player.waitFor((report) => report.packets > 20 && report.keyframes > 0, 6_000)
const slotsFree = () =>
  until("the slot is free", async () => (await world.leases()) === 0 && world.active() === 0)

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
    for (const viewer of [...(streamer.pool.streams.get(channelId(1))?.viewers ?? [])]) viewer.destroy()
    await until("it is marked idle", async () => (await world.liveRecord(1))?.idleSince != null)
    await plays(await watch(streamer, await admitted(2)))
  })

  it("may be wanted again at once by who left it", async () => {
    const streamer = await fresh()
    const first = await admitted(1)
    const result = await streamer.pool.obtain(first, staying())
    expect(result.ok).toBe(true)
    await streamer.keeper.leave({
      viewer: null,
      member: first.session,
      channel: channelId(1),
      lease: first.lease,
      idle: true,
    })
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
    await world.redis.hset("config:sources", sources ?? {})
    await streamer.beat()
    expect(await world.leases()).toBe(1)
    expect(await world.sessions("ann")).toHaveLength(1)
    expect(player.report().ended).toBeNull()
    expect(streamer.lost).toEqual([])
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
    const proceed = streamer.delay("admit")
    const lost = streamer.lost.length
    const results = tickets.map((ticket) => streamer.pool.obtain(ticket, staying()))
    await until("the lease is known to be lost", () => streamer.lost.length > lost)
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
    const { beats } = streamer
    const before = beats()
    proceed()
    await until("the store was told", () => beats() > before, 2_000)
    expect((await world.liveRecord(1))?.idleSince).toBeNull()
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
    const { viewer, session: member, channel, lease } = ticket
    await streamer.keeper.abandon({ viewer, member, channel, lease })
    expect(await world.sessions("ann")).toEqual([member])
  })
})

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
      const other = { ...ticket, channel: channelId(2), lease: "none" }
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
