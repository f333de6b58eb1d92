import { beforeEach, describe, expect, it } from "vitest"
import { keys } from "../store/keys.ts"
import { replaceSettings } from "../store/save-config.ts"
import type { Admitted } from "./admit.ts"
import type { BeatRequest, HeldLease } from "./beat.ts"
import { store, useTestWorld, world } from "./test-lease.ts"
import { leaseMilliseconds, recoverMilliseconds } from "./times.ts"
import { stateWatchers } from "./watchers.ts"

useTestWorld()

const fullLife = leaseMilliseconds - 2000

/** A lease of a channel, as its streamer holds it. */
async function holding(channel: string, source: string): Promise<HeldLease> {
  return world.held(channel, await world.open(channel, [source], { lease: `lease of ${channel}` }))
}

describe("the epoch", () => {
  it("is made once and told to everybody", async () => {
    await store.redis.flushall()
    const first = await world.beat("s1", { newEpoch: "one" })
    const second = await world.beat("s2", { newEpoch: "two" })
    const third = await world.beat("s1", { epoch: "one", newEpoch: "three" })
    expect([first.epoch, second.epoch, third.epoch]).toEqual(["one", "one", "one"])
    expect([first, second, third].map(({ lostData }) => lostData)).toEqual([false, false, false])
    expect(await store.redis.get(keys.recovering)).toBeNull()
  })

  it("does not turn a streamer that starts into one that lost its data", async () => {
    await world.sources({ a: 1 })
    const held = await holding("1", "a")
    await store.redis.zrem(keys.leases("a"), "primary/1/lease of 1")
    const reply = await world.beat("s2", { leases: [held] })
    expect(reply).toMatchObject({ lostData: false, lostLeases: ["primary/1/lease of 1"] })
    expect(await world.leases("a")).toEqual([])
  })
})

describe("when Redis lost its data", () => {
  /** A streamer's heartbeat, and the second one that the first one may ask for. */
  const beatTwice = async (id: string, request: Partial<BeatRequest>) => {
    const first = await world.beat(id, request)
    expect(first).toMatchObject({ lostData: true, lostLeases: [], lostSessions: [] })
    return world.beat(id, { ...request, asserts: true })
  }

  it("streamers assert what they hold anew, and nobody is lost", async () => {
    await world.sources({ a: 2, b: 1 })
    await world.viewers({ username: "ann" }, { username: "bob" })
    await world.streamer("s2")
    const ann = await world.open("1", ["a"], { as: "ann", prefer: "s1" })
    const alsoAnn = await world.open("2", ["a"], { as: "ann", prefer: "s1" })
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
    const first = await beatTwice("s1", { epoch, ...one })
    // A streamer that starts in between must not hide the loss from those that hold something.
    await world.streamer("s3")
    const second = await beatTwice("s2", { epoch, ...two })
    for (const reply of [first, second])
      expect(reply).toMatchObject({ lostData: false, lostLeases: [], lostSessions: [] })
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
    expect((await world.beat("s1", { epoch: first.epoch, ...one })).lostLeases).toEqual([
      `primary/1/${ann.lease}`,
    ])
  })

  it("a heartbeat that asserts nothing renews nothing, and is on record", async () => {
    await world.sources({ a: 1 })
    const leases = [await holding("1", "a")]
    const { epoch } = await world.beat("s1", { leases })
    await store.redis.flushall()
    for (let time = 0; time < 2; time++)
      expect(await world.beat("s1", { epoch, leases })).toMatchObject({ lostData: true, lostLeases: [] })
    expect(await world.leases("a")).toEqual([])
    expect(await store.redis.exists(keys.live)).toBe(0)
    expect(await store.redis.hkeys(keys.streamers)).toEqual(["s1"])
  })

  it("the assertion can be repeated, since its answer may have been lost", async () => {
    await world.sources({ a: 1 })
    const leases = [await holding("1", "a")]
    const { epoch } = await world.beat("s1", { leases })
    await store.redis.flushall()
    for (let time = 0; time < 3; time++)
      expect(await world.beat("s1", { epoch, leases, asserts: true })).toMatchObject({
        lostData: false,
        lostLeases: [],
      })
    expect(await world.leases("a")).toEqual(["primary/1/lease of 1"])
  })

  it("a channel that was opened anew meanwhile keeps its newer live record", async () => {
    await world.sources({ a: 2 })
    const old = await holding("1", "a")
    const { epoch } = await world.beat("s1", { leases: [old] })
    await world.reset()
    await world.sources({ a: 2 })
    const newer = await world.open("1", ["a"], { lease: "newer" })
    const watchers = { sessions: { "phone/1/x/5": "" }, crowd: null }
    await world.beat("s1", { epoch, leases: [{ ...old, watchers }], asserts: true })
    expect(await world.live("1")).toMatchObject({ lease: "newer" })
    expect(Object.keys((await world.live("1"))?.watchers ?? {})).toEqual([newer.session])
    expect(new Set(await world.leases("a"))).toEqual(new Set(["primary/1/newer", "primary/1/lease of 1"]))
  })

  it("of two streams of a channel the one that is asserted first has it; both hold their slots", async () => {
    await world.sources({ a: 2 })
    const one = await holding("1", "a")
    const two = { ...one, lease: "second", live: { ...one.live, lease: "second", streamer: "s2" } }
    const { epoch } = await world.beat("s1")
    await store.redis.flushall()
    await beatTwice("s2", { epoch, leases: [two] })
    await beatTwice("s1", { epoch, leases: [one] })
    expect(await world.live("1")).toMatchObject({ lease: "second", streamer: "s2" })
    expect(await world.leases("a")).toHaveLength(2)
  })

  it("a connection that is not shared gets its lease and its record back", async () => {
    await world.sources({ a: 1 })
    const admitted = await world.open("film", ["a"], { owner: "ann", lease: "solo" })
    const leases = [world.held("film~ann", admitted)]
    const { epoch } = await world.beat("s1", { leases })
    await store.redis.flushall()
    await beatTwice("s1", { epoch, leases })
    expect(await world.leases("a")).toEqual(["primary/film~ann/solo"])
    expect(await world.live("film~ann")).toEqual(leases[0]?.live)
  })

  it("who watches is known again with the assertion, here and through others", async () => {
    await world.sources({ a: 1 })
    const admitted = await world.open("1", ["a"], { lease: "L" })
    const { epoch } = await world.beat("s1")
    await store.redis.flushall()
    const watchers = stateWatchers([admitted])
    await beatTwice("s1", { epoch, leases: [world.held("1", admitted, { watchers })] })
    const far = { session: "phone/1/x/5", viewer: "ann" }
    await beatTwice("s2", { epoch, relays: [{ key: "1", lease: "L", watchers: stateWatchers([far]) }] })
    expect((await world.live("1"))?.watchers).toEqual({
      [admitted.session]: ["s1", "", 0],
      [far.session]: ["s2", "ann", 0],
    })
  })

  it("sessions are kept although their viewers are not known yet", async () => {
    await world.sources({ a: 1 })
    await world.viewers({ username: "ann" })
    const { session } = await world.open("1", ["a"], { as: "ann" })
    const sessions = [{ viewer: "ann", member: session }]
    const { epoch } = await world.beat("s1", { sessions })
    await store.redis.flushall()
    const { epoch: newEpoch } = await beatTwice("s1", { epoch, sessions, checkViewers: true })
    const checked = { epoch: newEpoch, sessions, checkViewers: true }
    expect(await world.beat("s1", checked)).toMatchObject({ lostSessions: [] })
    expect(await world.sessions("ann")).toEqual([session])
    // As soon as there is a configuration, who is not in it was removed.
    await world.viewers({ username: "bob" })
    expect(await world.beat("s1", checked)).toMatchObject({ lostSessions: [session] })
  })
})

describe("while the configuration is lost, too", () => {
  it("nobody is a stranger: everyone is asked to come again", async () => {
    await world.sources({ a: 1 })
    await world.viewers({ username: "ann" })
    await store.redis.flushall()
    await world.streamer("s1")
    const recovering = {
      code: "no_capacity",
      reasons: ["recovering"],
      retryMs: 0,
      skipped: [],
      zapping: false,
    }
    expect(await world.ask("1", ["a"], { as: "ann" })).toEqual(recovering)
    expect(await world.ask("1", ["a"])).toEqual(recovering)
    await world.sources({ a: 1 })
    expect(await world.ask("1", ["a"], { as: "ann" })).toEqual({ code: "unauthorized" })
  })
})

describe("while streamers assert what they hold", () => {
  let epoch: string
  let one: Admitted
  let two: Admitted

  const assert = (id: string, channel: string, admitted: Admitted) =>
    world.beat(id, { epoch, asserts: true, leases: [world.held(channel, admitted)] })

  beforeEach(async () => {
    const config = async () => {
      await replaceSettings(store.redis, { publicPlaylist: true })
      await world.sources({ a: 2, unlimited: null })
    }
    await config()
    await world.streamer("s2")
    one = await world.open("1", ["a"], { lease: "L1", prefer: "s1" })
    two = await world.open("2", ["a"], { lease: "L2", prefer: "s2" })
    epoch = (await world.beat("s1")).epoch
    await store.redis.flushall()
    await config()
    expect(await world.beat("s1", { epoch, leases: [world.held("1", one)] })).toMatchObject({
      lostData: true,
    })
  })

  it("nothing is opened on an account with a limit: nobody knows yet what it holds", async () => {
    expect(await store.redis.get(keys.recovering)).toBe("empty")
    expect(await store.redis.pttl(keys.recovering)).toBeGreaterThan(recoverMilliseconds - 2000)
    const recovering = {
      code: "no_capacity",
      reasons: ["recovering"],
      retryMs: 0,
      skipped: [{ source: "a", profile: "primary", reason: "recovering" }],
      zapping: false,
    }
    expect(await world.ask("3", ["a"])).toEqual(recovering)
    await assert("s1", "1", one)
    expect(await world.ask("3", ["a"])).toEqual(recovering)
    expect(await world.ask("3", ["a", "unlimited"])).toMatchObject({ code: "open", source: "unlimited" })
  })

  it("what was asserted is joined", async () => {
    await assert("s1", "1", one)
    expect(await world.ask("1", ["a"])).toMatchObject({ code: "join", lease: "L1", streamer: "s1" })
  })

  it("each one's turn makes it longer; afterwards no limit is exceeded", async () => {
    await store.redis.pexpire(keys.recovering, 1500)
    await assert("s2", "2", two)
    expect(await store.redis.pttl(keys.recovering)).toBeGreaterThan(recoverMilliseconds - 2000)
    await assert("s1", "1", one)
    await store.redis.del(keys.recovering)
    expect(await world.ask("3", ["a"])).toMatchObject({ code: "no_capacity", reasons: ["full"] })
    expect(await world.leases("a")).toHaveLength(2)
  })
})
