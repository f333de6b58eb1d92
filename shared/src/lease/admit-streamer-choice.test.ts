import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest"
import { keys } from "../store/keys.ts"
import { openTestStore, type TestStore } from "./test-store.ts"
import { TestWorld } from "./test-world.ts"
import { streamerDeadMilliseconds } from "./times.ts"

let store: TestStore
let world: TestWorld

beforeAll(async () => {
  store = await openTestStore()
  world = new TestWorld(store)
})
afterAll(() => store.close())
beforeEach(() => world.reset())

describe("the streamer", () => {
  beforeEach(async () => {
    await world.sources({ a: null })
    await store.redis.del(keys.streamers)
  })

  let channels = 0
  const chosen = async (options: { region?: string; prefer?: string } = {}) =>
    (await world.open(`channel-${++channels}`, ["a"], options)).streamer

  it("is one in the viewer's region, however busy, then the one with the fewest viewers", async () => {
    await world.streamer("far", { region: "NA" })
    await world.streamer("busy", { region: "EU", viewers: 50 })
    await world.streamer("calm", { region: "EU", viewers: 9 })
    expect(await chosen({ region: "EU" })).toBe("calm")
    expect(await chosen({ region: "NA" })).toBe("far")
    expect(await chosen({ region: "AF" })).toBe("far")
  })

  it("has the fewest streams when viewers are equal, and is always the same when all is equal", async () => {
    await world.streamer("c", { viewers: 10, streams: 2 })
    await world.streamer("b", { viewers: 10, streams: 2 })
    await world.streamer("a", { viewers: 10, streams: 3 })
    expect(await chosen()).toBe("b")
    await world.streamer("a", { viewers: 10, streams: 1 })
    expect(await chosen()).toBe("a")
  })

  it("is the one that asks, wherever it is", async () => {
    await world.streamer("near")
    await world.streamer("self", { region: "NA", viewers: 50 })
    expect(await chosen({ prefer: "self" })).toBe("self")
    expect(await chosen({ prefer: "unknown" })).toBe("near")
  })

  it("is never one that drains or was not heard of for too long", async () => {
    await world.streamer("gone")
    await world.streamer("drains", { draining: true })
    await world.streamer("works", { viewers: 500, region: "NA" })
    await world.silence("gone", streamerDeadMilliseconds + 1)
    expect(await chosen({ prefer: "gone" })).toBe("works")
    expect(await chosen({ prefer: "drains" })).toBe("works")
    await world.silence("works", streamerDeadMilliseconds - 3000)
    expect(await chosen()).toBe("works")
  })

  it("is missing when none runs, and nothing is held for the request", async () => {
    expect(await world.ask("1", ["a"])).toEqual({ code: "no_streamer" })
    await world.streamer("drains", { draining: true })
    expect(await world.ask("1", ["a"])).toEqual({ code: "no_streamer" })
    expect(await world.leases("a")).toEqual([])
  })
})
