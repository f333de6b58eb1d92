import { beforeEach, describe, expect, it } from "vitest"
import { keys } from "../store/keys.ts"
import type { Admitted } from "./admit.ts"
import { store, useTestWorld, world } from "./test-lease.ts"
import type { TestWorld } from "./test-world.ts"
import { leaseMilliseconds, recoverMilliseconds, streamerDeadMilliseconds } from "./times.ts"

useTestWorld()

const fullLife = leaseMilliseconds - 2000
const full = { code: "no_capacity", reasons: ["full"] }

const open = (channel: string, options: Parameters<TestWorld["open"]>[2] = {}) =>
  world.open(channel, ["a"], { lease: `lease of ${channel}`, address: `tv of ${channel}`, ...options })

/** The heartbeat of a streamer that holds these channels' streams. */
const beat = (streamer: string, streams: Record<string, Admitted>) =>
  world.beat(streamer, {
    leases: Object.entries(streams).map(([channel, admitted]) => world.held(channel, admitted)),
  })

describe("a lease that ran out", () => {
  it("is taken up again by its streamer while nobody wanted its slot", async () => {
    await world.sources({ a: 1 })
    const one = await open("1")
    await world.expire(keys.leases("a"))
    expect(await beat("s1", { 1: one })).toMatchObject({ lostLeases: [] })
    expect(await world.lifeOf(keys.leases("a"), "primary/1/lease of 1")).toBeGreaterThan(fullLife)
    expect(await world.ask("2", ["a"])).toMatchObject(full)
    expect(await world.ask("1", ["a"])).toMatchObject({ code: "join", lease: "lease of 1" })
  })

  it("is lost when its slot was given to somebody meanwhile, who keeps it", async () => {
    await world.sources({ a: 1 })
    const one = await open("1")
    await world.expire(keys.leases("a"))
    const two = await open("2")
    for (let time = 0; time < 2; time++)
      expect(await beat("s1", { 1: one, 2: two })).toMatchObject({ lostLeases: ["primary/1/lease of 1"] })
    expect(await world.leases("a")).toEqual(["primary/2/lease of 2"])
    expect(await store.redis.hkeys(keys.live)).toEqual(["2"])
    expect(await world.lifeOf(keys.leases("a"), "primary/2/lease of 2")).toBeGreaterThan(fullLife)
  })

  it("is lost without what runs for its channel on another one by now", async () => {
    await world.sources({ a: 1 })
    const one = await open("1")
    await world.expire(keys.leases("a"))
    await open("1", { lease: "next" })
    expect(await beat("s1", { 1: one })).toMatchObject({ lostLeases: ["primary/1/lease of 1"] })
    expect(await world.live("1")).toMatchObject({ lease: "next" })
  })

  it("is taken up with others as far as there is room, one by one", async () => {
    await world.sources({ a: 3 })
    const streams = { 1: await open("1"), 2: await open("2"), 3: await open("3") }
    await world.expire(keys.leases("a"))
    const fourth = await open("4")
    expect(await beat("s1", streams)).toMatchObject({ lostLeases: ["primary/3/lease of 3"] })
    // Also by two streamers that were away at the same time.
    await world.expire(keys.leases("a"))
    await world.sources({ a: 2 })
    expect(await beat("s2", { 2: streams[2] })).toMatchObject({ lostLeases: [] })
    expect(await beat("s1", { 1: streams[1] })).toMatchObject({ lostLeases: [] })
    expect(await beat("s1", { 4: fourth })).toMatchObject({ lostLeases: ["primary/4/lease of 4"] })
  })

  it("of one profile is not taken up in another one's room", async () => {
    const profiles = [{ id: "second", name: "x", username: "u", password: "p", maxStreams: 9 }]
    await world.sources({ a: { maxStreams: 1, profiles } })
    const one = await open("1")
    await world.expire(keys.leases("a"))
    expect(await open("2")).toMatchObject({ profile: "primary" })
    expect(await beat("s1", { 1: one })).toMatchObject({ lostLeases: ["primary/1/lease of 1"] })
  })

  it("is taken up although the provider counts it as somebody else's by now, or the profile is off", async () => {
    await world.sources({ a: 1 })
    const one = await open("1")
    await world.expire(keys.leases("a"))
    await world.report("a", "primary", { elsewhere: 1 })
    await world.sources({ a: { enabled: false, maxStreams: 1 } })
    expect(await beat("s1", { 1: one })).toMatchObject({ lostLeases: [] })
  })

  it("is taken up by the lower limit that the provider reports", async () => {
    await world.sources({ a: 9 })
    const streams = { 1: await open("1"), 2: await open("2") }
    await world.expire(keys.leases("a"))
    await world.report("a", "primary", { maxConnections: 1 })
    expect(await beat("s1", streams)).toMatchObject({ lostLeases: ["primary/2/lease of 2"] })
  })

  it("is taken up where there is no limit, and when its source was removed", async () => {
    await world.sources({ a: null })
    const streams = { 1: await open("1"), 2: await open("2") }
    await world.expire(keys.leases("a"))
    expect(await beat("s1", streams)).toMatchObject({ lostLeases: [] })
    await world.expire(keys.leases("a"))
    await world.sources({})
    expect(await beat("s1", streams)).toMatchObject({ lostLeases: [] })
  })

  it("is not taken up when it was given back, or long ago forgotten", async () => {
    await world.sources({ a: 2 })
    const one = await open("1")
    await store.redis.zadd(keys.leases("a"), { score: 1, member: "primary/1/lease of 1" })
    await open("2")
    expect(await beat("s1", { 1: one })).toMatchObject({ lostLeases: ["primary/1/lease of 1"] })
    expect(await world.leases("a")).toEqual(["primary/2/lease of 2"])
  })
})

describe("a streamer that comes back", () => {
  const recovering = () => store.redis.get<string>(keys.recovering)

  it("after more than three heartbeats shows that the store was away, but not before", async () => {
    await world.silence("s1", streamerDeadMilliseconds - 2000)
    await world.beat("s1")
    expect(await recovering()).toBeNull()
    await world.silence("s1", streamerDeadMilliseconds + 500)
    await world.beat("s1")
    expect(await recovering()).toBe("late")
  })

  it("is no sign of anything when it has just started", async () => {
    await world.streamer("s2")
    expect(await recovering()).toBeNull()
  })

  it("makes the others' time to come back the time of one heartbeat, counted once", async () => {
    await world.silence("s1", streamerDeadMilliseconds + 500)
    await world.beat("s1")
    expect(await store.redis.pttl(keys.recovering)).toBeGreaterThan(recoverMilliseconds - 2000)
    await store.redis.pexpire(keys.recovering, 1500)
    await world.silence("s1", streamerDeadMilliseconds + 500)
    await world.beat("s1")
    expect(await store.redis.pttl(keys.recovering)).toBeLessThanOrEqual(1500)
  })

  it("does not make the store's loss of its data look like less", async () => {
    await store.redis.set(keys.recovering, "empty")
    await world.silence("s1", streamerDeadMilliseconds + 500)
    await world.beat("s1")
    expect(await recovering()).toBe("empty")
  })
})

describe("while others may come back, too", () => {
  let one: Admitted

  beforeEach(async () => {
    await world.sources({ a: 2 })
    await world.streamer("s2")
    one = await open("1", { prefer: "s1" })
    await open("2", { prefer: "s2" })
    await world.expire(keys.leases("a"))
    for (const id of ["s1", "s2"]) await world.silence(id, streamerDeadMilliseconds + 500)
    await beat("s1", { 1: one })
  })

  it("what ran out is theirs: no further channel is opened on a full account", async () => {
    expect(await world.ask("3", ["a"])).toMatchObject(full)
    await world.sources({ a: 3 })
    expect(await world.ask("3", ["a"])).toMatchObject({ code: "open" })
  })

  it("is joined what was taken up again already", async () => {
    expect(await world.ask("1", ["a"])).toMatchObject({ code: "join", lease: "lease of 1", streamer: "s1" })
  })

  it("an idle stream yields all the same", async () => {
    await world.goIdle("1")
    expect(await world.ask("3", ["a"])).toMatchObject({ code: "open", yielded: "lease of 1" })
  })

  it("a viewer zaps all the same", async () => {
    await world.watching("1", [one])
    expect(await world.ask("3", ["a"], { address: "tv of 1" })).toMatchObject({ yielded: "lease of 1" })
  })

  it("who comes back late gets its slot; when the time is over, others may have it", async () => {
    await store.redis.del(keys.recovering)
    expect(await world.ask("3", ["a"], { lease: "lease of 3" })).toMatchObject({ code: "open" })
    const two = { ...one, lease: "lease of 2" }
    expect(await beat("s2", { 2: two })).toMatchObject({ lostLeases: ["primary/2/lease of 2"] })
  })

  it("who watches through a streamer that has not come back yet is not forgotten", async () => {
    const far = { ...one, streamer: "s2", session: "far/1/x/5" }
    await world.watching("1", [one])
    await world.watching("1", [far], "s2")
    expect(await world.ask("3", ["a"], { address: "tv of 1" })).toMatchObject(full)
    await world.watching("1", [])
    expect(await world.ask("3", ["a"])).toMatchObject(full)
    await world.state("1", { sessions: {}, crowd: 9 }, "s2")
    await world.watching("1", [one])
    expect(await world.ask("3", ["a"], { address: "tv of 1" })).toMatchObject(full)
    await store.redis.del(keys.recovering)
    expect(await world.ask("3", ["a"], { address: "tv of 1" })).toMatchObject({ code: "open" })
  })

  it("nobody takes their own channel's slot from themselves", async () => {
    await world.sources({ a: 1 })
    await store.redis.del(keys.leases("a"))
    await world.viewers({ username: "ann" })
    const own = await open("4", { as: "ann" })
    await world.expire(keys.leases("a"))
    expect(await world.ask("4", ["a"], { as: "ann" })).toMatchObject(full)
    expect(await world.sessions("ann")).toEqual([own.session])
  })

  it("who may have come meanwhile is not forgotten either", async () => {
    await world.missArrival("1")
    expect(await world.ask("3", ["a"])).toMatchObject(full)
  })

  it("what its streamer was told that it has lost is nobody's", async () => {
    await world.sources({ a: 1 })
    await world.expire(keys.leases("a"))
    await store.redis.del(keys.recovering)
    await open("3")
    await store.redis.set(keys.recovering, "late")
    const streams = { 1: one, 2: { ...one, lease: "lease of 2" } }
    expect((await beat("s1", streams)).lostLeases).toHaveLength(2)
    expect(await world.ask("4", ["a"], { address: "tv of 3" })).toMatchObject(full)
    await world.goIdle("3")
    expect(await world.ask("4", ["a"])).toMatchObject({ code: "open", yielded: "lease of 3" })
  })

  it("what ran out long ago is nobody's", async () => {
    const long = (await store.now()) - 11 * 60_000
    await store.redis.zadd(keys.leases("a"), { score: long, member: "primary/2/lease of 2" })
    expect(await world.ask("3", ["a"])).toMatchObject({ code: "open" })
  })
})
