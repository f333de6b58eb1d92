import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest"
import { keys } from "../store/keys.ts"
import type { HeldLease } from "./beat.ts"
import { leave } from "./end.ts"
import { openTestStore, type TestStore } from "./test-store.ts"
import { TestWorld } from "./test-world.ts"
import { leaseMilliseconds } from "./times.ts"

let store: TestStore
let world: TestWorld

beforeAll(async () => {
  store = await openTestStore()
  world = new TestWorld(store)
})
afterAll(() => store.close())
beforeEach(() => world.reset())

const fullLife = leaseMilliseconds - 2000

/** A lease of a channel, as its streamer holds it. */
async function holding(
  channel: string,
  source: string,
  options: Partial<HeldLease> = {},
): Promise<HeldLease> {
  return world.held(channel, await world.open(channel, [source], { lease: `lease of ${channel}` }), options)
}

const goIdle = (held: HeldLease) =>
  leave(store.run, { viewer: null, member: "", channel: held.channel, lease: held.lease, idle: true })

describe("a heartbeat", () => {
  it("registers the streamer with the store's own time", async () => {
    await world.beat("s2", {}, { region: "NA", viewers: 7, streams: 3, draining: true })
    const record = JSON.parse((await store.redis.hget<string>(keys.streamers, "s2")) ?? "")
    expect(record).toMatchObject({
      address: "http://s2.example",
      internalAddress: "http://s2.internal",
      region: "NA",
      viewers: 7,
      streams: 3,
      draining: true,
    })
    expect(Math.abs(record.at - (await store.now()))).toBeLessThan(2000)
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

  it("renews a lease that ran out while nobody wanted its slot", async () => {
    await world.sources({ a: 1 })
    const held = await holding("1", "a")
    await world.expire(keys.leases("a"))
    expect(await world.beat("s1", { leases: [held] })).toMatchObject({ lostLeases: [] })
    expect(await world.lifeOf(keys.leases("a"), "primary/1/lease of 1")).toBeGreaterThan(fullLife)
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
    expect(reply).toMatchObject({ lostLeases: [lost.lease], lostSessions: [lost.session] })
    expect(await world.leases("a")).toEqual([`primary/2/${kept.lease}`])
    expect(await world.sessions("ann")).toEqual([kept.session])
  })

  it("tells of a lease that yielded while it was idle", async () => {
    await world.sources({ a: 1 })
    const held = await holding("1", "a")
    const { epoch } = await world.beat("s1", { leases: [held] })
    await goIdle(held)
    await world.open("2", ["a"], { lease: "next" })
    const reply = await world.beat("s1", { epoch, leases: [{ ...held, watched: false }] })
    expect(reply.lostLeases).toEqual(["lease of 1"])
    expect(await world.leases("a")).toEqual(["primary/2/next"])
    expect(await world.live("1")).toBeNull()
  })

  it("says of a stream that is watched again that it is not idle; of one that is not, nothing", async () => {
    await world.sources({ a: 1 })
    const held = await holding("1", "a")
    await goIdle(held)
    await world.beat("s1", { leases: [{ ...held, watched: false }] })
    expect((await world.live("1"))?.idleSince).toBeGreaterThan(0)
    await world.beat("s1", { leases: [held] })
    expect(await world.live("1")).toEqual(held.live)
  })

  it("leaves the live record of somebody else's lease alone", async () => {
    await world.sources({ a: 2 })
    const held = await holding("1", "a")
    const other = { ...held.live, lease: "another", idleSince: 5 }
    await store.redis.hset(keys.live, { "1": JSON.stringify(other) })
    await world.beat("s1", { leases: [held] })
    expect(await world.live("1")).toEqual(other)
  })

  it("renews the lease of a connection that is not shared", async () => {
    await world.sources({ a: 1 })
    const held = await holding("1", "a", { live: null })
    await world.expire(keys.leases("a"))
    expect(await world.beat("s1", { leases: [held] })).toMatchObject({ lostLeases: [] })
    expect(await world.lifeOf(keys.leases("a"), "primary/1/lease of 1")).toBeGreaterThan(fullLife)
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

  it("is one request and one command, whatever the streamer holds", async () => {
    await world.sources({ a: null, b: null })
    await world.viewers({ username: "ann" }, { username: "bob" })
    const leases: HeldLease[] = []
    const sessions = []
    for (let number = 0; number < 100; number++) {
      const viewer = number % 2 ? "ann" : "bob"
      const admitted = await world.open(`${number}`, [number % 3 ? "a" : "b"], { as: viewer })
      leases.push(world.held(`${number}`, admitted))
      sessions.push({ viewer, member: admitted.session })
    }
    store.gateway.resetStats()
    expect(await world.beat("s1", { leases, sessions })).toMatchObject({ lostLeases: [], lostSessions: [] })
    expect(store.gateway.stats()).toEqual({ requests: 1, commands: 1, byCommand: { EVALSHA: 1 } })
  })
})

describe("the epoch", () => {
  it("is made once and told to everybody", async () => {
    await store.redis.flushall()
    const first = await world.beat("s1", { newEpoch: "one" })
    const second = await world.beat("s2", { newEpoch: "two" })
    const third = await world.beat("s1", { epoch: "one", newEpoch: "three" })
    expect([first.epoch, second.epoch, third.epoch]).toEqual(["one", "one", "one"])
  })

  it("does not turn a streamer that starts into one that lost its data", async () => {
    await world.sources({ a: 1 })
    const held = await holding("1", "a")
    await store.redis.zrem(keys.leases("a"), "primary/1/lease of 1")
    expect(await world.beat("s2", { leases: [held] })).toMatchObject({ lostLeases: ["lease of 1"] })
    expect(await world.leases("a")).toEqual([])
  })
})

describe("when Redis lost its data", () => {
  it("streamers assert what they hold anew, and nobody is lost", async () => {
    await world.sources({ a: 2, b: 1 })
    await world.viewers({ username: "ann" }, { username: "bob" })
    await world.streamer("s2")
    const ann = await world.open("1", ["a"], { as: "ann" })
    const alsoAnn = await world.open("2", ["a"], { as: "ann" })
    const bob = await world.open("3", ["b"], { as: "bob", prefer: "s2" })
    const one = {
      leases: [world.held("1", ann), world.held("2", alsoAnn)],
      sessions: [ann, alsoAnn].map(({ session }) => ({ viewer: "ann", member: session })),
    }
    const two = { leases: [world.held("3", bob)], sessions: [{ viewer: "bob", member: bob.session }] }
    const { epoch } = await world.beat("s1", one)
    await world.beat("s2", two)
    const before = await store.dump()

    await store.redis.flushall()
    const first = await world.beat("s1", { epoch, ...one })
    // A streamer that starts in between must not hide the loss from those that hold something.
    await world.streamer("s3")
    const second = await world.beat("s2", { epoch, ...two })
    for (const reply of [first, second]) expect(reply).toMatchObject({ lostLeases: [], lostSessions: [] })
    expect(first.epoch).not.toBe(epoch)
    expect(second.epoch).toBe(first.epoch)

    const after = await store.dump()
    const members = (dump: Record<string, unknown>, key: string) =>
      new Set((dump[key] as unknown[]).filter((_, index) => index % 2 === 0))
    for (const key of [keys.leases("a"), keys.leases("b"), keys.sessions("ann"), keys.sessions("bob")]) {
      expect(members(after, key)).toEqual(members(before, key))
      for (const member of members(after, key))
        expect(await world.lifeOf(key, String(member))).toBeGreaterThan(fullLife)
    }
    for (const channel of ["1", "2", "3"]) expect(await world.live(channel)).not.toBeNull()
    expect(await world.live("3")).toEqual(two.leases[0]?.live)

    // From now on a missing lease is a lost one again.
    await store.redis.zrem(keys.leases("a"), `primary/1/${ann.lease}`)
    expect((await world.beat("s1", { epoch: first.epoch, ...one })).lostLeases).toEqual([ann.lease])
  })

  it("the assertion can be repeated, since its answer may have been lost", async () => {
    await world.sources({ a: 1 })
    const leases = [await holding("1", "a")]
    const { epoch } = await world.beat("s1", { leases })
    await store.redis.flushall()
    for (let time = 0; time < 3; time++)
      expect(await world.beat("s1", { epoch, leases })).toMatchObject({ lostLeases: [] })
    expect(await world.leases("a")).toEqual(["primary/1/lease of 1"])
  })

  it("a channel that was opened anew meanwhile keeps its newer live record", async () => {
    await world.sources({ a: 2 })
    const old = await holding("1", "a")
    const { epoch } = await world.beat("s1", { leases: [old] })
    await world.reset()
    await world.sources({ a: 2 })
    await world.open("1", ["a"], { lease: "newer" })
    await world.beat("s1", { epoch, leases: [old] })
    expect(await world.live("1")).toMatchObject({ lease: "newer" })
    expect(new Set(await world.leases("a"))).toEqual(new Set(["primary/1/newer", "primary/1/lease of 1"]))
  })

  it("a connection that is not shared gets its lease back, and no live record", async () => {
    await world.sources({ a: 1 })
    const leases = [await holding("1", "a", { live: null })]
    const { epoch } = await world.beat("s1", { leases })
    await store.redis.flushall()
    await world.beat("s1", { epoch, leases })
    expect(await world.leases("a")).toEqual(["primary/1/lease of 1"])
    expect(await store.redis.exists(keys.live)).toBe(0)
  })
})
