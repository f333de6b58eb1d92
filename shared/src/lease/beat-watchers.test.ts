import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest"
import { keys } from "../store/keys.ts"
import type { Admitted } from "./admit.ts"
import { openTestStore, type TestStore } from "./test-store.ts"
import { TestWorld } from "./test-world.ts"
import { stateWatchers } from "./watchers.ts"

let store: TestStore
let world: TestWorld

beforeAll(async () => {
  store = await openTestStore()
  world = new TestWorld(store)
})
afterAll(() => store.close())
beforeEach(async () => {
  await world.reset()
  await world.sources({ a: 1 })
})

const nobody = stateWatchers([])

describe("what a heartbeat says of a stream's viewers", () => {
  let opened: Admitted

  beforeEach(async () => {
    opened = await world.open("1", ["a"], { address: "tv", lease: "L" })
  })

  const say = (watchers: ReturnType<typeof stateWatchers> | null) =>
    world.beat("s1", { leases: [world.held("1", opened, { watchers })] })
  const watchersOf = async () => (await world.live("1"))?.watchers

  it("is asked for again, when another streamer relays a stream that the store does not know yet", async () => {
    const relays = [{ key: "1", lease: "L", watchers: stateWatchers([opened]) }]
    expect(await world.beat("s2", { relays })).toMatchObject({ unheardRelays: [] })
    await store.redis.del(keys.live)
    expect(await world.beat("s2", { relays })).toMatchObject({ unheardRelays: ["L"] })
  })

  it("is who is there, from now on", async () => {
    await say(stateWatchers([opened]))
    expect(await world.audience("1")).toEqual({
      watchers: { [opened.session]: ["s1", "", 0] },
      crowds: {},
      isIdle: false,
    })
    const other = { session: "phone/1/x/5", viewer: "ann" }
    await say(stateWatchers([other]))
    expect(await watchersOf()).toEqual({ [other.session]: ["s1", "ann", 0] })
  })

  it("makes the stream idle when nobody is there or on the way, and keeps since when", async () => {
    await say(stateWatchers([opened]))
    await say(nobody)
    const idleSince = (await world.live("1"))?.idleSince ?? 0
    expect(Math.abs(idleSince - (await store.now()))).toBeLessThan(2000)
    await world.changeLive("1", () => ({ idleSince: 5 }))
    await say(nobody)
    expect((await world.live("1"))?.idleSince).toBe(5)
    await say(stateWatchers([opened]))
    expect((await world.live("1"))?.idleSince).toBeNull()
  })

  it("leaves who is on the way to it, until they had time to arrive", async () => {
    await say(nobody)
    expect(Object.keys((await watchersOf()) ?? {})).toEqual([opened.session])
    expect(await world.live("1")).toMatchObject({ idleSince: null })
    await world.missArrival("1")
    await say(nobody)
    expect(await world.audience("1")).toEqual({ watchers: {}, crowds: {}, isIdle: true })
  })

  it("leaves who has come to open it, as long as the streamer may not have said so", async () => {
    const watcher = { session: opened.session, viewer: null }
    await world.hold("1", opened, { watcher })
    await say(nobody)
    expect(await world.live("1")).toMatchObject({ idleSince: null })
    await world.missArrival("1")
    await say(nobody)
    expect(await world.audience("1")).toEqual({ watchers: {}, crowds: {}, isIdle: true })
  })

  it("may be only their number, which goes when they are few again", async () => {
    const { session } = await world.open("1", ["a"], { address: "phone" })
    await say({ sessions: {}, crowd: 12 })
    expect(await world.audience("1")).toEqual({ watchers: {}, crowds: { s1: 12 }, isIdle: false })
    await say({ sessions: { [session]: "" }, crowd: null })
    expect(await world.audience("1")).toEqual({
      watchers: { [session]: ["s1", "", 0] },
      crowds: {},
      isIdle: false,
    })
  })

  it("is nothing new when it says nothing", async () => {
    await say(stateWatchers([opened]))
    const before = await world.live("1")
    await say(null)
    expect(await world.live("1")).toEqual(before)
    await world.goIdle("1")
    const idle = await world.live("1")
    await say(null)
    expect(await world.live("1")).toEqual(idle)
  })

  it("is nothing of who watches through another streamer, which says so itself", async () => {
    await world.streamer("s2", { region: "NA" })
    const far = await world.open("1", ["a"], { region: "NA", address: "phone" })
    const relays = (watchers: ReturnType<typeof stateWatchers>, lease = "L") =>
      world.beat("s2", { relays: [{ key: "1", lease, watchers }] }, { region: "NA" })
    await relays(stateWatchers([far]))
    await say(stateWatchers([opened]))
    await say(nobody)
    expect(await watchersOf()).toEqual({ [far.session]: ["s2", "", 0] })
    expect(await world.live("1")).toMatchObject({ idleSince: null })
    await relays(nobody, "another")
    expect(await watchersOf()).toEqual({ [far.session]: ["s2", "", 0] })
    await relays({ sessions: {}, crowd: 9 })
    expect(await world.audience("1")).toEqual({ watchers: {}, crowds: { s2: 9 }, isIdle: false })
    await relays(nobody)
    expect(await world.audience("1")).toEqual({ watchers: {}, crowds: {}, isIdle: true })
  })

  it("does not renew the lease of what is relayed, nor bring it back", async () => {
    const score = Number(await store.redis.zscore(keys.leases("a"), "primary/1/L"))
    await store.redis.zadd(keys.leases("a"), { score: score - 9000, member: "primary/1/L" })
    const relays = [{ key: "1", lease: "L", watchers: nobody }]
    expect(await world.beat("s2", { relays })).toMatchObject({ lostLeases: [] })
    expect(Number(await store.redis.zscore(keys.leases("a"), "primary/1/L"))).toBe(score - 9000)
    await store.redis.hdel(keys.live, "1")
    await world.beat("s2", { relays })
    expect(await store.redis.exists(keys.live)).toBe(0)
  })

  it("leaves the live record of somebody else's lease alone", async () => {
    await world.changeLive("1", () => ({ lease: "another", idleSince: 5 }))
    const other = await world.live("1")
    await say(stateWatchers([opened]))
    expect(await world.live("1")).toEqual(other)
  })

  it("keeps the rest of the live record as it was", async () => {
    await world.changeLive("1", () => ({
      yielded: "before",
      displaced: { address: "phone", channel: "2", untilMs: 1_700_000_000_123 },
    }))
    const before = await world.live("1")
    await say(stateWatchers([opened]))
    expect(await world.live("1")).toEqual({ ...before, watchers: { [opened.session]: ["s1", "", 0] } })
  })

  it.each(['ünïcödé/1/"x"\\/5', "{}", "[]/1/2/3", "1"])("names sessions of any form: %j", async (session) => {
    await say({ sessions: { [session]: "ann" }, crowd: null })
    expect(await watchersOf()).toEqual(expect.objectContaining({ [session]: ["s1", "ann", 0] }))
  })
})
