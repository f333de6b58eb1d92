import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest"
import { keys } from "../store/keys.ts"
import { openTestStore, type TestStore } from "./test-store.ts"
import { TestWorld } from "./test-world.ts"
import { leaseMilliseconds, streamerDeadMilliseconds } from "./times.ts"

let store: TestStore
let world: TestWorld

beforeAll(async () => {
  store = await openTestStore()
  world = new TestWorld(store)
})
afterAll(() => store.close())
beforeEach(() => world.reset())

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

  it("goes to the streamer that has the channel, wherever the viewer is", async () => {
    await world.sources({ a: 1 })
    await world.open("1", ["a"])
    await world.streamer("s2", { region: "NA" })
    expect(await world.open("1", ["a"], { region: "NA" })).toMatchObject({ code: "join", streamer: "s1" })
  })

  it("keeps the lease alive until the joiner can have arrived", async () => {
    await world.sources({ a: 1 })
    await world.open("1", ["a"], { lease: "L" })
    const soon = (await store.now()) + 500
    await store.redis.zadd(keys.leases("a"), { score: soon, member: "primary/1/L" })
    await world.open("1", ["a"])
    expect(await world.lifeOf(keys.leases("a"), "primary/1/L")).toBeGreaterThan(leaseMilliseconds - 2000)
  })

  it("wakes an idle stream, which then yields to nobody", async () => {
    await world.sources({ a: 1 })
    await world.open("1", ["a"])
    await world.goIdle("1")
    expect(await world.ask("1", ["a"])).toMatchObject({ code: "join" })
    expect(await world.live("1")).toMatchObject({ idleSince: null })
    expect(await world.ask("2", ["a"])).toEqual({ code: "no_capacity" })
  })

  it("is not possible when the lease ran out, so that the channel is opened anew", async () => {
    await world.sources({ a: 1 })
    await world.open("1", ["a"], { lease: "old" })
    await world.expire(keys.leases("a"))
    expect(await world.open("1", ["a"], { lease: "new" })).toMatchObject({ code: "open", lease: "new" })
    expect(await world.leases("a")).toEqual(["primary/1/new"])
  })

  it("is not possible on a streamer that is dead; the slot is free when its lease has run out", async () => {
    await world.sources({ a: 1 })
    await world.open("1", ["a"])
    await world.streamer("s2")
    await world.silence("s1", streamerDeadMilliseconds + 1)
    expect(await world.ask("1", ["a"])).toEqual({ code: "no_capacity" })
    await world.expire(keys.leases("a"))
    expect(await world.open("1", ["a"])).toMatchObject({ code: "open", streamer: "s2" })
  })

  it("is not possible on a streamer that drains", async () => {
    await world.sources({ a: 2 })
    await world.open("1", ["a"])
    await world.streamer("s1", { draining: true })
    await world.streamer("s2")
    expect(await world.open("1", ["a"])).toMatchObject({ code: "open", streamer: "s2" })
  })
})

describe("an idle stream", () => {
  it("yields its connection to whoever needs it, and is named, so that it is closed first", async () => {
    await world.sources({ a: 1 })
    await world.open("1", ["a"], { lease: "idle" })
    await world.goIdle("1")
    expect(await world.ask("2", ["a"], { lease: "next" })).toMatchObject({ code: "open", yielded: "idle" })
    expect(await world.leases("a")).toEqual(["primary/2/next"])
    expect(await world.live("1")).toBeNull()
    expect(await world.live("2")).toMatchObject({ lease: "next", yielded: "idle" })
  })

  it("is replaced on its own streamer, whichever would be better", async () => {
    await world.sources({ a: 1 })
    await world.open("1", ["a"])
    await world.goIdle("1")
    await world.streamer("s1", { viewers: 100, region: "AS" })
    await world.streamer("s2")
    expect(await world.open("2", ["a"], { prefer: "s2" })).toMatchObject({
      streamer: "s1",
      address: "http://s1.example",
    })
  })

  it("stays while there is room", async () => {
    await world.sources({ a: 2 })
    await world.open("1", ["a"])
    await world.goIdle("1")
    expect(await world.open("2", ["a"])).toMatchObject({ yielded: null })
    expect(await world.live("1")).not.toBeNull()
  })

  it("that has been idle for longest yields first, and a watched one never", async () => {
    await world.sources({ a: 3 })
    for (const channel of ["1", "2", "3"]) await world.open(channel, ["a"], { lease: `lease of ${channel}` })
    await world.goIdle("1", 1000)
    await world.goIdle("3", 5000)
    const yielded = []
    for (const channel of ["4", "5"]) yielded.push((await world.open(channel, ["a"])).yielded)
    expect(yielded).toEqual(["lease of 3", "lease of 1"])
    expect(await world.ask("6", ["a"])).toEqual({ code: "no_capacity" })
    expect(await world.live("2")).not.toBeNull()
  })

  it("yields before the next feed is tried", async () => {
    await world.sources({ a: 1, b: 1 })
    await world.open("1", ["a"])
    await world.goIdle("1")
    expect(await world.open("2", ["a", "b"])).toMatchObject({ source: "a" })
  })

  it.each([
    ["dead", () => world.silence("s1", streamerDeadMilliseconds + 1)],
    ["draining", () => world.streamer("s1", { draining: true })],
  ])("does not yield on a streamer that is %s", async (_, stop) => {
    await world.sources({ a: 1 })
    await world.open("1", ["a"])
    await world.goIdle("1")
    await stop()
    await world.streamer("s2")
    expect(await world.ask("2", ["a"])).toEqual({ code: "no_capacity" })
  })

  it("of another lease than the channel's does not yield", async () => {
    await world.sources({ a: 1 })
    await world.open("1", ["a"], { lease: "mine" })
    await world.goIdle("1")
    const live = await world.live("1")
    await store.redis.hset(keys.live, { "1": JSON.stringify({ ...live, lease: "another" }) })
    expect(await world.ask("2", ["a"])).toEqual({ code: "no_capacity" })
  })
})
