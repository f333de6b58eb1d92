import { describe, expect, it } from "vitest"
import { keys } from "../store/keys.ts"
import { store, useTestWorld, world } from "./test-lease.ts"
import { streamerDeadMilliseconds } from "./times.ts"

useTestWorld()

const full = { code: "no_capacity", reasons: ["full"] }

describe("an idle stream", () => {
  it("yields its connection to whoever needs it, and is named, so that it is closed first", async () => {
    await world.sources({ a: 1 })
    await world.open("1", ["a"], { lease: "idle" })
    await world.goIdle("1")
    expect(await world.ask("2", ["a"], { lease: "next" })).toMatchObject({
      code: "open",
      yielded: "idle",
      ends: [],
    })
    expect(await world.leases("a")).toEqual(["primary/2/next"])
    expect(await world.live("1")).toBeNull()
    expect(await world.live("2")).toMatchObject({ lease: "next", yielded: "idle", displaced: null })
  })

  it("is one that a provider may count on for a while", async () => {
    await world.sources({ a: 1 })
    await world.open("1", ["a"], { lease: "idle" })
    await world.goIdle("1")
    await world.open("2", ["a"])
    expect(await store.redis.zrange(keys.ended("a"), 0, -1)).toEqual(["primary/idle"])
  })

  it("is replaced on its own streamer, whichever would be better", async () => {
    await world.sources({ a: 1 })
    await world.open("1", ["a"])
    await world.goIdle("1")
    await world.streamer("s1", { viewers: 100 })
    await world.streamer("s2")
    expect(await world.open("2", ["a"], { prefer: "s2" })).toMatchObject({
      streamer: "s1",
      address: "http://s1.example",
      relay: null,
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
    expect(await world.ask("6", ["a"])).toMatchObject(full)
    expect(await world.live("2")).not.toBeNull()
  })

  it("yields before the next feed is tried", async () => {
    await world.sources({ a: 1, b: 1 })
    await world.open("1", ["a"])
    await world.goIdle("1")
    expect(await world.open("2", ["a", "b"])).toMatchObject({ source: "a" })
  })

  it("does not yield on a streamer that is dead: nobody would close it", async () => {
    await world.sources({ a: 1 })
    await world.open("1", ["a"])
    await world.goIdle("1")
    await world.silence("s1", streamerDeadMilliseconds + 1)
    await world.streamer("s2")
    expect(await world.ask("2", ["a"])).toMatchObject(full)
  })

  it("yields on a streamer that drains, through another one that relays", async () => {
    await world.sources({ a: 1 })
    await world.open("1", ["a"], { lease: "idle" })
    await world.goIdle("1")
    await world.streamer("s1", { draining: true })
    expect(await world.ask("2", ["a"])).toEqual({ code: "no_streamer" })
    await world.streamer("s2")
    expect(await world.ask("2", ["a"])).toMatchObject({
      code: "open",
      yielded: "idle",
      streamer: "s2",
      address: "http://s2.example",
      relay: "s1",
    })
    expect(await world.live("2")).toMatchObject({ streamer: "s1" })
  })

  it("of another lease than the channel's does not yield", async () => {
    await world.sources({ a: 1 })
    await world.open("1", ["a"], { lease: "mine" })
    await world.goIdle("1")
    await world.changeLive("1", () => ({ lease: "another" }))
    expect(await world.ask("2", ["a"])).toMatchObject(full)
  })

  it("does not yield to an account that is overfull with it gone", async () => {
    await world.sources({ a: 2 })
    await world.open("1", ["a"])
    await world.goIdle("1")
    await world.report("a", "primary", { elsewhere: 2 })
    expect(await world.ask("2", ["a"])).toMatchObject({ code: "no_capacity", reasons: ["elsewhere"] })
    await world.report("a", "primary", { elsewhere: 1 })
    expect(await world.ask("2", ["a"])).toMatchObject({ code: "open" })
  })

  it("yields whatever its key is made of", async () => {
    await world.sources({ a: 1 })
    await world.open("1", ["a"], { owner: "ann/kitchen~tv", lease: "idle" })
    await world.goIdle("1~ann/kitchen~tv")
    expect(await world.ask("2", ["a"])).toMatchObject({ code: "open", yielded: "idle" })
    expect(await store.redis.hkeys(keys.live)).toEqual(["2"])
  })
})

describe("a stream of which its streamer has not said that it is idle", () => {
  it("yields when who woke it never came", async () => {
    await world.sources({ a: 1 })
    const first = await world.open("1", ["a"])
    await world.goIdle("1")
    await world.open("1", ["a"])
    await world.missArrival("1")
    expect(await world.ask("2", ["a"])).toMatchObject({ code: "open", yielded: first.lease })
  })

  it("does not while another one is there, or on the way", async () => {
    await world.sources({ a: 1 })
    const first = await world.open("1", ["a"], { address: "tv" })
    await world.open("1", ["a"], { address: "phone" })
    await world.watching("1", [first])
    await world.missArrival("1")
    expect(await world.ask("2", ["a"])).toMatchObject(full)
    await world.watching("1", [])
    await world.open("1", ["a"], { address: "phone" })
    expect(await world.ask("2", ["a"])).toMatchObject(full)
  })

  it("does not when they came, and it is only slow to open", async () => {
    await world.sources({ a: 1 })
    const first = await world.open("1", ["a"])
    const watcher = { session: first.session, viewer: null }
    expect(await world.hold("1", first, { watcher })).toMatchObject({ held: true })
    await world.missArrival("1")
    expect(await world.ask("2", ["a"])).toMatchObject(full)
  })

  it.each([1, 9])("yields when all who watched it, %j, did so through a streamer that died", async (many) => {
    await world.sources({ a: 1 })
    await world.open("1", ["a"])
    await world.goIdle("1")
    await world.streamer("s2", { region: "NA" })
    for (let number = 0; number < many; number++)
      await world.open("1", ["a"], { region: "NA", address: `tv ${number}` })
    expect(await world.ask("2", ["a"])).toMatchObject(full)
    await world.silence("s2", streamerDeadMilliseconds + 1)
    expect(await world.ask("2", ["a"])).toMatchObject({ code: "open" })
  })

  it("does not when nothing is known of its viewers", async () => {
    await world.sources({ a: 1 })
    await world.open("1", ["a"])
    await world.changeLive("1", () => ({ watchers: {} }))
    expect(await world.ask("2", ["a"])).toMatchObject(full)
  })
})
