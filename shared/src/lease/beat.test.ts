import { beforeEach, describe, expect, it } from "vitest"
import { keys } from "../store/keys.ts"
import type { HeldLease } from "./beat.ts"
import { store, useTestWorld, world } from "./test-lease.ts"
import { leaseMilliseconds } from "./times.ts"

useTestWorld()

const fullLife = leaseMilliseconds - 2000

/** A lease of a channel, as its streamer holds it. */
async function holding(channel: string, source: string): Promise<HeldLease> {
  return world.held(channel, await world.open(channel, [source], { lease: `lease of ${channel}` }))
}

describe("a heartbeat", () => {
  it("registers the streamer with the store's own time", async () => {
    const record = { region: "NA", viewers: 7, maxViewers: 70, streams: 3, draining: true }
    await world.beat("s2", {}, record)
    const stored = JSON.parse((await store.redis.hget<string>(keys.streamers, "s2")) ?? "")
    expect(stored).toEqual({
      ...record,
      address: "http://s2.example",
      internalAddress: "http://s2.internal",
      version: "1",
      at: expect.any(Number),
    })
    expect(Math.abs(stored.at - (await store.now()))).toBeLessThan(2000)
  })

  it("tells the store's own time, whatever the streamer's clock says", async () => {
    const { now } = await world.beat("s1", {}, { at: 5 })
    expect(Math.abs(now - (await store.now()))).toBeLessThan(2000)
    expect(await world.ask("1", [])).toMatchObject({ code: "no_capacity" })
  })

  it("tells the streamer that is to drain, and no other, for as long as the edge wants it", async () => {
    expect(await world.beat("s1", {})).toMatchObject({ drain: false })
    await store.redis.zadd(keys.streamersToDrain, { score: await store.now(), member: "s1" })
    expect(await world.beat("s1", {})).toMatchObject({ drain: true })
    expect(await world.beat("s2", {})).toMatchObject({ drain: false })
    await store.redis.zrem(keys.streamersToDrain, "s1")
    expect(await world.beat("s1", {})).toMatchObject({ drain: false })
  })

  it("renews leases of several sources and sessions of several viewers, and loses none", async () => {
    await world.sources({ a: 1, b: 1 })
    await world.viewers({ username: "ann" }, { username: "bob" })
    const ann = await world.open("1", ["a"], { as: "ann" })
    const bob = await world.open("2", ["b"], { as: "bob" })
    const places = [
      [keys.leases("a"), `primary/1/${ann.lease}`],
      [keys.leases("b"), `primary/2/${bob.lease}`],
      [keys.sessions("ann"), ann.session],
      [keys.sessions("bob"), bob.session],
    ] as const
    const soon = (await store.now()) + 500
    for (const [key, member] of places) await store.redis.zadd(key, { score: soon, member })
    await store.redis.persist(keys.sessions("ann"))
    const reply = await world.beat("s1", {
      leases: [world.held("1", ann), world.held("2", bob)],
      sessions: [
        { viewer: "ann", member: ann.session },
        { viewer: "bob", member: bob.session },
      ],
    })
    expect(reply).toMatchObject({ lostLeases: [], lostSessions: [] })
    for (const [key, member] of places) expect(await world.lifeOf(key, member)).toBeGreaterThan(fullLife)
    expect(await store.redis.pttl(keys.sessions("ann"))).toBeGreaterThan(leaseMilliseconds)
  })

  it("tells which leases and sessions are lost, and takes none of them back", async () => {
    await world.sources({ a: 2 })
    await world.viewers({ username: "ann", maxStreams: 2, whenFull: "replace" })
    const lost = await world.open("1", ["a"], { as: "ann", address: "tv" })
    const kept = await world.open("2", ["a"], { as: "ann", address: "phone" })
    const leases = [world.held("1", lost), world.held("2", kept)]
    const { epoch } = await world.beat("s1", { leases })
    await store.redis.zrem(keys.leases("a"), `primary/1/${lost.lease}`)
    await store.redis.zrem(keys.sessions("ann"), lost.session)
    const sessions = [lost, kept].map(({ session }) => ({ viewer: "ann", member: session }))
    const reply = await world.beat("s1", { epoch, leases, sessions })
    expect(reply).toMatchObject({ lostLeases: [`primary/1/${lost.lease}`], lostSessions: [lost.session] })
    expect(await world.leases("a")).toEqual([`primary/2/${kept.lease}`])
    expect(await world.sessions("ann")).toEqual([kept.session])
  })

  it("tells of a lease that yielded while it was idle", async () => {
    await world.sources({ a: 1 })
    const held = await holding("1", "a")
    const { epoch } = await world.beat("s1", { leases: [held] })
    await world.goIdle("1")
    await world.open("2", ["a"], { lease: "next" })
    const reply = await world.beat("s1", { epoch, leases: [held] })
    expect(reply.lostLeases).toEqual(["primary/1/lease of 1"])
    expect(await world.leases("a")).toEqual(["primary/2/next"])
    expect(await world.live("1")).toBeNull()
  })

  it("tells of a lease and a session that were taken over, and says nothing of their viewers", async () => {
    await world.sources({ a: 1 })
    await world.viewers({ username: "ann" })
    const before = await world.open("1", ["a"], { as: "ann", lease: "before" })
    const after = await world.open("2", ["a"], { as: "ann", lease: "after" })
    const watchers = { sessions: { [before.session]: "ann" }, crowd: null }
    const sessions = [{ viewer: "ann", member: before.session }]
    const reply = await world.beat("s1", { leases: [world.held("1", before, { watchers })], sessions })
    expect(reply).toMatchObject({ lostLeases: ["primary/1/before"], lostSessions: [before.session] })
    expect(await world.live("1")).toBeNull()
    expect(Object.keys((await world.live("2"))?.watchers ?? {})).toEqual([after.session])
  })

  it("renews the lease of a connection that is not shared", async () => {
    await world.sources({ a: 1 })
    const admitted = await world.open("1", ["a"], { owner: "ann/tv", lease: "solo" })
    const member = "primary/1~ann/tv/solo"
    await world.expire(keys.leases("a"))
    const leases = [world.held("1~ann/tv", admitted)]
    expect(await world.beat("s1", { leases })).toMatchObject({ lostLeases: [] })
    expect(await world.lifeOf(keys.leases("a"), member)).toBeGreaterThan(fullLife)
  })

  it("says which configuration is in force and whether an import is due", async () => {
    await store.redis.flushall()
    expect(await world.beat("s1")).toMatchObject({ configVersion: "0", importsDue: false })
    await world.sources({ a: 1 })
    expect(await world.beat("s1")).toMatchObject({ configVersion: "1", importsDue: true })
    await store.redis.zadd(keys.importsDue, { score: (await store.now()) + 60_000, member: "a" })
    await world.viewers({ username: "ann" })
    expect(await world.beat("s1")).toMatchObject({ configVersion: "2", importsDue: false })
    await store.redis.zadd(keys.importsDue, { score: (await store.now()) - 1, member: "a" })
    expect(await world.beat("s1")).toMatchObject({ importsDue: true })
  })

  it("says whether a provider is to be asked about an account", async () => {
    expect(await world.beat("s1")).toMatchObject({ profilesDue: false })
    await world.sources({ a: 1 })
    expect(await world.beat("s1")).toMatchObject({ profilesDue: true })
    await store.redis.zadd(keys.profilesDue, { score: (await store.now()) + 60_000, member: "a/primary" })
    expect(await world.beat("s1")).toMatchObject({ profilesDue: false })
  })

  it("is one request and one command, whatever the streamer holds", async () => {
    await world.sources({ a: null, b: null })
    await world.viewers({ username: "ann" }, { username: "bob" })
    const leases: HeldLease[] = []
    const sessions = []
    for (let number = 0; number < 100; number++) {
      const viewer = number % 2 ? "ann" : "bob"
      const admitted = await world.open(`${number}`, [number % 3 ? "a" : "b"], { as: viewer })
      const watchers = { sessions: { [admitted.session]: viewer }, crowd: null }
      leases.push(world.held(`${number}`, admitted, { watchers }))
      sessions.push({ viewer, member: admitted.session })
    }
    for (const more of [{}, { checkViewers: true }, { asserts: true }]) {
      store.gateway.resetStats()
      expect(await world.beat("s1", { leases, sessions, ...more })).toMatchObject({
        lostLeases: [],
        lostSessions: [],
      })
      expect(store.gateway.stats()).toEqual({ requests: 1, commands: 1, byCommand: { EVALSHA: 1 } })
    }
  })
})

describe("a heartbeat's sessions", () => {
  const held = (admitted: { session: string }, viewer = "ann") => ({ viewer, member: admitted.session })
  const beat = (...sessions: { viewer: string; member: string }[]) => world.beat("s1", { sessions })

  beforeEach(() => world.sources({ a: null }))

  it("are taken up again when they ran out and the viewer has room still", async () => {
    await world.viewers({ username: "ann", maxStreams: 1 }, { username: "bob" })
    const ann = await world.open("1", ["a"], { as: "ann" })
    const bob = await world.open("1", ["a"], { as: "bob" })
    for (const viewer of ["ann", "bob"]) await world.expire(keys.sessions(viewer))
    expect(await beat(held(ann), held(bob, "bob"))).toMatchObject({ lostSessions: [] })
    expect(await world.lifeOf(keys.sessions("ann"), ann.session)).toBeGreaterThan(fullLife)
    expect(await world.ask("2", ["a"], { as: "ann", address: "phone" })).toMatchObject({
      code: "viewer_limit",
    })
  })

  it("are lost when others have the viewer's places by now, one by one", async () => {
    await world.viewers({ username: "ann", maxStreams: 2 })
    const first = await world.open("1", ["a"], { as: "ann", address: "tv" })
    const second = await world.open("1", ["a"], { as: "ann", address: "tablet" })
    await world.expire(keys.sessions("ann"))
    const third = await world.open("2", ["a"], { as: "ann", address: "phone" })
    expect(await beat(held(first), held(second))).toMatchObject({ lostSessions: [second.session] })
    expect(new Set(await world.sessions("ann"))).toEqual(new Set([first.session, third.session]))
  })

  it("are lost when they ran out and there is no such viewer any more", async () => {
    await world.viewers({ username: "ann" })
    const ann = await world.open("1", ["a"], { as: "ann" })
    await world.viewers()
    expect(await beat(held(ann))).toMatchObject({ lostSessions: [] })
    await world.expire(keys.sessions("ann"))
    expect(await beat(held(ann))).toMatchObject({ lostSessions: [ann.session] })
    expect(await world.sessions("ann")).toEqual([])
  })

  it("are kept for ten minutes after they ran out, and for no longer", async () => {
    await world.viewers({ username: "ann" })
    const old = await world.open("1", ["a"], { as: "ann" })
    const age = async (minutes: number) => {
      const score = (await store.now()) - minutes * 60_000
      await store.redis.zadd(keys.sessions("ann"), { score, member: old.session })
    }
    expect(await store.redis.pttl(keys.sessions("ann"))).toBeGreaterThan(11 * 60_000)
    await age(9)
    await world.open("2", ["a"], { as: "ann" })
    expect(await world.sessions("ann")).toHaveLength(2)
    await age(11)
    await world.open("3", ["a"], { as: "ann" })
    expect(await world.sessions("ann")).not.toContain(old.session)
    expect(await beat(held(old))).toMatchObject({ lostSessions: [old.session] })
  })

  it.each([
    ["is disabled", { enabled: false }, true],
    ["has expired", { expiresAt: "2020-01-01T00:00:00Z" }, true],
    ["expires later", { expiresAt: "2090-01-01T00:00:00Z" }, false],
    ["has a lower limit", { maxStreams: 1 }, false],
    ["has another password", { password: "another" }, false],
  ])("end, when they are looked at, if their viewer %s: %j -> %j", async (_, change, ends) => {
    await world.viewers({ username: "ann" }, { username: "bob" })
    const ann = await world.open("1", ["a"], { as: "ann" })
    const bob = await world.open("1", ["a"], { as: "bob" })
    await world.viewers({ username: "ann", ...change }, { username: "bob" })
    const sessions = [held(ann), held(bob, "bob")]
    expect(await beat(...sessions)).toMatchObject({ lostSessions: [] })
    const lostSessions = ends ? [ann.session] : []
    expect(await world.beat("s1", { sessions, checkViewers: true })).toMatchObject({ lostSessions })
    expect(await world.sessions("ann")).toEqual(ends ? [] : [ann.session])
    expect(await world.sessions("bob")).toEqual([bob.session])
  })

  it("end, when they are looked at, if their viewer was removed", async () => {
    await world.viewers({ username: "ann" })
    const ann = await world.open("1", ["a"], { as: "ann" })
    await world.viewers()
    expect(await world.beat("s1", { sessions: [held(ann)], checkViewers: true })).toMatchObject({
      lostSessions: [ann.session],
    })
  })
})
