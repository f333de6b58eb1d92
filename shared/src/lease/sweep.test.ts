import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest"
import { keys } from "../store/keys.ts"
import { release } from "./end.ts"
import { sweepLive } from "./sweep.ts"
import { openTestStore, type TestStore } from "./test-store.ts"
import { TestWorld } from "./test-world.ts"

let store: TestStore
let world: TestWorld

beforeAll(async () => {
  store = await openTestStore()
  world = new TestWorld(store)
})
afterAll(() => store.close())
beforeEach(async () => {
  await world.reset()
  await world.sources({ a: null, b: null })
})

const sweep = (...sources: string[]) => sweepLive(store.run, sources)
const live = async () => new Set(await store.redis.hkeys(keys.live))
const age = async (source: string, member: string, minutes: number) =>
  store.redis.zadd(keys.leases(source), { score: (await store.now()) - minutes * 60_000, member })

describe("sweeping live streams", () => {
  it("leaves what is held, of whatever source, and what is not shared", async () => {
    await world.open("1", ["a"])
    await world.open("2", ["b"])
    await world.open("film", ["b"], { owner: "ann/tv" })
    const before = await store.dump()
    expect(await sweep("a", "b")).toBe(0)
    expect(await store.dump()).toEqual(before)
  })

  it("leaves what ran out a short time ago: its streamer may come back for it", async () => {
    await world.open("1", ["a"], { lease: "L" })
    await age("a", "primary/1/L", 9)
    expect(await sweep("a", "b")).toBe(0)
    expect(await live()).toEqual(new Set(["1"]))
    expect(await world.leases("a")).toEqual(["primary/1/L"])
  })

  it("forgets what ran out long ago, lease and stream", async () => {
    await world.open("1", ["a"], { lease: "L" })
    await world.open("film", ["a"], { owner: "ann/tv", lease: "F" })
    await world.open("2", ["b"])
    await age("a", "primary/1/L", 11)
    await age("a", "primary/film~ann/tv/F", 11)
    expect(await sweep("a", "b")).toBe(2)
    expect(await live()).toEqual(new Set(["2"]))
    expect(await world.leases("a")).toEqual([])
  })

  it("forgets what runs on another lease than it says, and what is of a source that is gone", async () => {
    await world.open("1", ["a"])
    await world.changeLive("1", () => ({ lease: "another" }))
    await world.open("2", ["b"])
    expect(await sweep("a")).toBe(2)
    expect(await live()).toEqual(new Set())
  })

  it("finds nothing where nothing is, and can be repeated", async () => {
    expect(await sweep()).toBe(0)
    const { lease } = await world.open("1", ["a"])
    await release(store.run, { source: "a", profile: "primary", key: "1", lease })
    for (let time = 0; time < 2; time++) expect(await sweep("a", "b")).toBe(0)
  })
})
