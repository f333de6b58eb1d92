import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest"
import { keys } from "../store/keys.ts"
import { release } from "./end.ts"
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
beforeEach(async () => {
  await world.reset()
  await world.sources({ a: 2 })
})

const held = { held: true, ranOut: false, stale: false, lost: [], holder: null }
const lost = { held: false, ranOut: false, stale: false, lost: [], holder: null }
const name = (key: string, lease: string) => ({ source: "a", profile: "primary", key, lease })

describe("taking up a lease", () => {
  it("renews it, and can be repeated", async () => {
    const admitted = await world.open("1", ["a"], { lease: "L" })
    const soon = (await store.now()) + 500
    await store.redis.zadd(keys.leases("a"), { score: soon, member: "primary/1/L" })
    for (let time = 0; time < 3; time++) expect(await world.hold("1", admitted)).toEqual(held)
    expect(await world.lifeOf(keys.leases("a"), "primary/1/L")).toBeGreaterThan(leaseMilliseconds - 2000)
    expect(await world.leases("a")).toEqual(["primary/1/L"])
  })

  it("is not possible when it was given back, or given to others", async () => {
    const admitted = await world.open("1", ["a"])
    await release(store.run, name("1", admitted.lease))
    expect(await world.hold("1", admitted)).toEqual(lost)
    const idle = await world.open("2", ["a"])
    await world.open("3", ["a"])
    await world.goIdle("2")
    await world.open("4", ["a"])
    expect(await world.hold("2", idle)).toEqual(lost)
    expect(await world.leases("a")).toHaveLength(2)
    expect(await world.hold("unknown", admitted)).toEqual(lost)
  })

  it("is not possible when it ran out; a heartbeat may take it up again", async () => {
    const admitted = await world.open("1", ["a"])
    await world.expire(keys.leases("a"))
    expect(await world.hold("1", admitted)).toEqual({ ...lost, ranOut: true })
    expect(await world.lifeOf(keys.leases("a"), `primary/1/${admitted.lease}`)).toBeLessThan(0)
    await world.beat("s1", { leases: [world.held("1", admitted)] })
    expect(await world.hold("1", admitted)).toEqual(held)
  })

  it("names what the streamer has lost on the same profile, so that it is closed first", async () => {
    const idle = await world.open("1", ["a"], { lease: "idle" })
    await world.open("2", ["a"], { lease: "kept" })
    await world.goIdle("1")
    const next = await world.open("3", ["a"], { lease: "next" })
    const mine = [name("1", "idle"), name("2", "kept"), name("9", "never was")]
    expect(next.yielded).toBe(idle.lease)
    expect(await world.hold("3", next, { mine })).toEqual({
      ...held,
      lost: ["primary/1/idle", "primary/9/never was"],
    })
  })

  it("names what was lost although the lease itself is lost, too", async () => {
    const admitted = await world.open("1", ["a"])
    await release(store.run, name("1", admitted.lease))
    expect(await world.hold("1", admitted, { mine: [name("2", "other")] })).toEqual({
      ...lost,
      lost: ["primary/2/other"],
    })
  })

  it("names every stream of a quick zapper that lost its slot, though only the last is followed", async () => {
    await world.sources({ a: 1 })
    await world.viewers({ username: "ann" })
    const first = await world.open("1", ["a"], { as: "ann", lease: "first" })
    expect(await world.hold("1", first)).toEqual(held)
    await world.open("2", ["a"], { as: "ann", lease: "second" })
    const third = await world.open("3", ["a"], { as: "ann", lease: "third" })
    expect(third.yielded).toBe("second")
    expect(await world.hold("3", third, { mine: [name("1", "first")] })).toEqual({
      ...held,
      lost: ["primary/1/first"],
    })
  })

  it("does not name what only ran out: it may be taken up again", async () => {
    await world.open("1", ["a"], { lease: "late" })
    await world.expire(keys.leases("a"))
    const next = await world.open("2", ["a"])
    expect(await world.hold("2", next, { mine: [name("1", "late")] })).toEqual(held)
  })

  it("decides nothing when the streamer does not know yet that the store lost its data", async () => {
    const admitted = await world.open("1", ["a"], { lease: "L" })
    const soon = (await store.now()) + 500
    await store.redis.zadd(keys.leases("a"), { score: soon, member: "primary/1/L" })
    const stale = { ...lost, stale: true }
    const mine = [name("2", "other")]
    for (const epoch of ["another", ""])
      expect(await world.hold("1", admitted, { epoch, mine })).toEqual(stale)
    await store.redis.del(keys.epoch)
    for (const epoch of ["another", ""])
      expect(await world.hold("1", admitted, { epoch, mine })).toEqual(stale)
    expect(Number(await store.redis.zscore(keys.leases("a"), "primary/1/L"))).toBe(soon)
  })

  it("is not possible for a streamer that was asked in another's place: it may relay", async () => {
    const admitted = await world.open("1", ["a"])
    await world.streamer("s2")
    const before = await world.live("1")
    expect(await world.hold("1", admitted, { streamer: "s2" })).toEqual({ ...lost, holder: "s1" })
    expect(await world.live("1")).toEqual(before)
  })

  it("is its successor's when the streamer is not heard of any more, or was started anew at its address", async () => {
    const admitted = await world.open("1", ["a"])
    await world.streamer("s2")
    await world.silence("s1", 20_000)
    expect(await world.hold("1", admitted, { streamer: "s2" })).toEqual(held)
    await world.streamer("s3", { address: "http://s2.example" })
    expect(await world.hold("1", admitted, { streamer: "s3" })).toEqual(held)
    expect(await world.live("1")).toMatchObject({ streamer: "s3" })
  })

  it("is one request and one command", async () => {
    const admitted = await world.open("1", ["a"])
    const epoch = (await store.redis.get<string>(keys.epoch)) ?? ""
    const request = { epoch, watcher: { session: admitted.session, viewer: null } }
    await world.hold("1", admitted, request)
    store.gateway.resetStats()
    expect(await world.hold("1", admitted, request)).toEqual(held)
    expect(store.gateway.stats()).toEqual({ requests: 1, commands: 1, byCommand: { EVALSHA: 1 } })
  })
})

describe("who comes to watch", () => {
  const watchersOf = async (channel: string) => (await world.live(channel))?.watchers

  it("is there from now on, and wakes an idle stream", async () => {
    await world.viewers({ username: "ann" })
    const admitted = await world.open("1", ["a"], { as: "ann" })
    await world.goIdle("1")
    const watcher = { session: admitted.session, viewer: "ann" }
    expect(await world.hold("1", admitted, { watcher })).toEqual(held)
    expect(await world.live("1")).toMatchObject({ idleSince: null })
    const [streamer, viewer, arriveBy = 0] = (await watchersOf("1"))?.[admitted.session] ?? []
    expect([streamer, viewer]).toEqual(["s1", "ann"])
    expect(Math.abs(-arriveBy - (await store.now()) - leaseMilliseconds)).toBeLessThan(2000)
  })

  it("is there already, and stays so for as long as they are", async () => {
    const admitted = await world.open("1", ["a"])
    await world.watching("1", [admitted])
    const watcher = { session: admitted.session, viewer: null }
    await world.hold("1", admitted, { watcher })
    expect(await watchersOf("1")).toEqual({ [admitted.session]: ["s1", "", 0] })
  })

  it("is not listed where nobody in particular comes, or the channel has another lease", async () => {
    const admitted = await world.open("1", ["a"])
    const before = await world.live("1")
    await world.hold("1", admitted)
    expect(await world.live("1")).toEqual(before)
    await world.changeLive("1", () => ({ lease: "another" }))
    const other = await world.live("1")
    const watcher = { session: "phone/1/x/5", viewer: null }
    expect(await world.hold("1", admitted, { watcher })).toEqual(held)
    expect(await world.live("1")).toEqual(other)
  })

  it("is not listed when the lease is lost", async () => {
    const admitted = await world.open("1", ["a"])
    const before = await world.live("1")
    await world.expire(keys.leases("a"))
    await world.hold("1", admitted, { watcher: { session: "phone/1/x/5", viewer: null } })
    expect(await world.live("1")).toEqual(before)
  })
})
