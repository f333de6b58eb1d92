import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest"
import { keys } from "../store/keys.ts"
import { isAdmitted } from "./admit.ts"
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

describe("opening", () => {
  it("leases a profile with room and says who streams it", async () => {
    await world.sources({ a: 1 })
    const admission = await world.ask("1", ["a"], { lease: "L", session: "S" })
    expect(admission).toEqual({
      code: "open",
      streamer: "s1",
      address: "http://s1.example",
      lease: "L",
      source: "a",
      profile: "primary",
      feed: "feed-1-0",
      session: "S",
      viewer: null,
      yielded: null,
    })
    expect(await world.leases("a")).toEqual(["primary/1/L"])
    expect(await world.live("1")).toMatchObject({ lease: "L", source: "a", streamer: "s1", idleSince: null })
    const life = await world.lifeOf(keys.leases("a"), "primary/1/L")
    expect(life).toBeGreaterThan(leaseMilliseconds - 2000)
    expect(life).toBeLessThanOrEqual(leaseMilliseconds)
  })

  it("takes the profile with the lowest priority number first, the primary before all", async () => {
    const login = { username: "u", password: "p", maxStreams: 1 }
    const profiles = [
      { ...login, id: "late", name: "late", priority: 9 },
      { ...login, id: "early", name: "early", priority: 1 },
      { ...login, id: "middle", name: "middle", priority: 5 },
    ]
    await world.sources({ a: { maxStreams: 1, profiles } })
    const order = []
    for (const channel of ["1", "2", "3", "4"]) order.push((await world.open(channel, ["a"])).profile)
    expect(order).toEqual(["primary", "early", "middle", "late"])
    expect(await world.ask("5", ["a"])).toEqual({ code: "no_capacity" })
  })

  it("tells profiles apart whose names begin alike", async () => {
    const login = { name: "x", username: "u", password: "p", maxStreams: 1 }
    const profiles = [
      { ...login, id: "p", priority: 1 },
      { ...login, id: "p1", priority: 2 },
    ]
    await world.sources({ a: { maxStreams: 1, profiles } })
    const order = []
    for (const channel of ["1", "2", "3"]) order.push((await world.open(channel, ["a"])).profile)
    expect(order).toEqual(["primary", "p", "p1"])
  })

  it("tries the channel's next feed when every profile of a source is full, whatever its source", async () => {
    await world.sources({ a: 1, b: 1 })
    await world.open("1", ["a"])
    expect(await world.open("2", ["a", "a", "b"])).toMatchObject({ source: "b", feed: "feed-2-2" })
    expect(await world.ask("3", ["a", "b"])).toEqual({ code: "no_capacity" })
    expect(await world.ask("3", [])).toEqual({ code: "no_capacity" })
  })

  it("passes by a source that is disabled or unknown, and a profile that is disabled", async () => {
    const spare = { id: "spare", name: "spare", username: "u", password: "p" }
    await world.sources({
      off: { enabled: false },
      a: { maxStreams: 1, profiles: [{ ...spare, enabled: false }] },
    })
    expect(await world.open("1", ["off", "gone", "a"])).toMatchObject({ source: "a", profile: "primary" })
    expect(await world.ask("2", ["off", "gone", "a"])).toEqual({ code: "no_capacity" })
  })
})

describe("a profile's limit", () => {
  const opened = async (source: string, tries: number) => {
    let count = 0
    for (let number = 0; number < tries; number++)
      if (isAdmitted(await world.ask(`channel-${number}`, [source]))) count++
    return count
  }

  it.each([
    ["the manual one", 2, undefined, 2],
    ["the one its provider reports", null, 3, 3],
    ["the lower of both, when the report is lower", 4, 2, 2],
    ["the lower of both, when the manual one is lower", 2, 4, 2],
    ["the manual one, when the provider reports 0", 2, 0, 2],
    ["the manual one, when the provider reports nothing", 2, null, 2],
    ["none, when there is neither", null, undefined, 6],
    ["none, when both are 0", 0, 0, 6],
  ])("is %s", async (_, manual, reported, expected) => {
    await world.sources({ a: manual })
    if (reported !== undefined) await world.report("a", "primary", { maxConnections: reported })
    expect(await opened("a", 6)).toBe(expected)
  })

  it.each([
    [{ status: "expired" as const }, "no_capacity"],
    [{ status: "banned" as const }, "no_capacity"],
    [{ status: "disabled" as const }, "no_capacity"],
    [{ status: "unknown" as const }, "open"],
    [{ expiresAt: 1_000_000_000_000 }, "no_capacity"],
    [{ expiresAt: 4_000_000_000_000 }, "open"],
  ])("with the report %j: %s", async (report, code) => {
    await world.sources({ a: 1 })
    await world.report("a", "primary", report)
    expect(await world.ask("1", ["a"])).toMatchObject({ code })
  })

  it("passes to the next profile when the provider refuses the first", async () => {
    const spare = { id: "spare", name: "spare", username: "u", password: "p" }
    await world.sources({ a: { maxStreams: 1, profiles: [spare] } })
    await world.report("a", "primary", { status: "banned" })
    expect(await world.open("1", ["a"])).toMatchObject({ profile: "spare" })
  })

  it("frees a slot by itself when nobody came for it or its streamer died", async () => {
    await world.sources({ a: 1 })
    await world.open("1", ["a"], { lease: "pending" })
    expect(await world.ask("2", ["a"])).toEqual({ code: "no_capacity" })
    await world.expire(keys.leases("a"))
    expect(await world.ask("2", ["a"], { lease: "next" })).toMatchObject({ code: "open", yielded: null })
    expect(await world.leases("a")).toEqual(["primary/2/next"])
  })
})
