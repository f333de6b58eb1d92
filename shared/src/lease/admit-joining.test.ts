import { describe, expect, it } from "vitest"
import { keys } from "../store/keys.ts"
import { store, useTestWorld, world } from "./test-lease.ts"
import { leaseMilliseconds, streamerDeadMilliseconds } from "./times.ts"

useTestWorld()

describe("joining", () => {
  it("costs nothing: many viewers of a channel hold one lease", async () => {
    await world.sources({ a: 1 })
    const first = await world.open("1", ["a"], { lease: "L" })
    for (let number = 0; number < 5; number++) {
      const joined = await world.open("1", ["a"])
      expect(joined).toMatchObject({ code: "join", lease: "L", streamer: first.streamer, feed: first.feed })
    }
    expect(await world.leases("a")).toEqual(["primary/1/L"])
  })

  it("goes to the streamer that has the channel, when none is nearer", async () => {
    await world.sources({ a: 1 })
    await world.open("1", ["a"])
    await world.streamer("s2", { region: "NA" })
    for (const region of ["EU", "AF", ""])
      expect(await world.open("1", ["a"], { region })).toMatchObject({
        code: "join",
        streamer: "s1",
        relay: null,
      })
  })

  it("keeps the lease alive until the joiner can have arrived", async () => {
    await world.sources({ a: 1 })
    await world.open("1", ["a"], { lease: "L" })
    const soon = (await store.now()) + 500
    await store.redis.zadd(keys.leases("a"), { score: soon, member: "primary/1/L" })
    await world.open("1", ["a"])
    expect(await world.lifeOf(keys.leases("a"), "primary/1/L")).toBeGreaterThan(leaseMilliseconds - 2000)
  })

  it("does not shorten a lease that lives longer", async () => {
    await world.sources({ a: 1 })
    await world.open("1", ["a"], { lease: "L" })
    const later = (await store.now()) + 2 * leaseMilliseconds
    await store.redis.zadd(keys.leases("a"), { score: later, member: "primary/1/L" })
    await world.open("1", ["a"])
    expect(Number(await store.redis.zscore(keys.leases("a"), "primary/1/L"))).toBe(later)
  })

  it("wakes an idle stream, which then yields to nobody", async () => {
    await world.sources({ a: 1 })
    await world.open("1", ["a"])
    await world.goIdle("1")
    expect(await world.ask("1", ["a"])).toMatchObject({ code: "join" })
    expect(await world.live("1")).toMatchObject({ idleSince: null })
    expect(await world.ask("2", ["a"])).toMatchObject({ code: "no_capacity", reasons: ["full"] })
  })

  it("is not possible when the lease ran out, so that the channel is opened anew", async () => {
    await world.sources({ a: 1 })
    await world.open("1", ["a"], { lease: "old" })
    await world.expire(keys.leases("a"))
    expect(await world.open("1", ["a"], { lease: "new" })).toMatchObject({ code: "open", lease: "new" })
    // The old one is kept, in case that its streamer was only cut off; it holds no slot.
    expect(await world.leases("a")).toEqual(["primary/1/old", "primary/1/new"])
    expect(await world.ask("2", ["a"])).toMatchObject({ code: "no_capacity" })
  })

  it("is not possible on a streamer that is dead; the slot is free when its lease has run out", async () => {
    await world.sources({ a: 1 })
    await world.open("1", ["a"])
    await world.streamer("s2")
    await world.silence("s1", streamerDeadMilliseconds + 1)
    expect(await world.ask("1", ["a"])).toMatchObject({ code: "no_capacity", reasons: ["full"] })
    await world.expire(keys.leases("a"))
    expect(await world.open("1", ["a"])).toMatchObject({ code: "open", streamer: "s2" })
  })

  it("of a stream whose source is no longer one of the channel's is not possible", async () => {
    await world.sources({ a: 1, b: 1 })
    await world.open("1", ["a"])
    expect(await world.open("1", ["b"])).toMatchObject({ code: "open", source: "b" })
  })
})

describe("the watchers of a stream", () => {
  it("are on the way again where they were sent to another streamer", async () => {
    await world.sources({ a: 1 })
    const admitted = await world.open("1", ["a"])
    await world.watching("1", [admitted])
    await world.streamer("s1", { draining: true })
    await world.streamer("s2")
    await world.open("1", ["a"])
    const [streamer, , arriveBy] = (await world.live("1"))?.watchers[admitted.session] ?? []
    expect(streamer).toBe("s2")
    expect(arriveBy).toBeGreaterThan(0)
  })

  it("are those who were sent there, until when they have to arrive", async () => {
    await world.sources({ a: 1 })
    await world.viewers({ username: "ann" })
    const ann = await world.open("1", ["a"], { as: "ann", address: "tv" })
    const joined = await world.open("1", ["a"], { address: "phone" })
    const live = await world.live("1")
    expect(live?.watchers).toEqual({
      [ann.session]: ["s1", "ann", expect.any(Number)],
      [joined.session]: ["s1", "", expect.any(Number)],
    })
    for (const [, , arriveBy] of Object.values(live?.watchers ?? {}))
      expect(Math.abs(arriveBy - (await store.now()) - leaseMilliseconds)).toBeLessThan(2000)
    expect(live?.crowds).toEqual({})
  })

  it("become a number when they are more than eight, which a further one does not change", async () => {
    await world.sources({ a: 1 })
    for (let number = 1; number <= 8; number++) await world.open("1", ["a"], { address: `tv-${number}` })
    expect(Object.keys((await world.live("1"))?.watchers ?? {})).toHaveLength(8)
    for (const address of ["tv-9", "tv-10"]) {
      await world.open("1", ["a"], { address })
      expect(await world.audience("1")).toEqual({ watchers: {}, crowds: { s1: 9 }, isIdle: false })
    }
  })

  it("do not become more when one of them asks again", async () => {
    await world.sources({ a: 1 })
    for (let number = 1; number <= 8; number++) await world.open("1", ["a"], { address: `tv-${number}` })
    await world.open("1", ["a"], { address: "tv-8" })
    expect((await world.live("1"))?.crowds).toEqual({})
  })

  it("who are there stay so, although another request of theirs is never followed", async () => {
    await world.sources({ a: 1 })
    const admitted = await world.open("1", ["a"])
    await world.watching("1", [admitted])
    expect(await world.open("1", ["a"])).toMatchObject({ session: admitted.session })
    expect((await world.live("1"))?.watchers).toEqual({ [admitted.session]: ["s1", "", 0] })
  })
})
