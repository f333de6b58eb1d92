import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest"
import { keys } from "../store/keys.ts"
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

const live = () => store.redis.hkeys(keys.live)
const sweep = () => sweepLive(store.run, ["a", "b"])

/** The lease of a channel ran out so many minutes ago. */
async function ranOut(source: string, minutes: number): Promise<void> {
  const score = (await store.now()) - minutes * 60_000
  for (const member of await store.redis.zrange<string[]>(keys.leases(source), 0, -1))
    await store.redis.zadd(keys.leases(source), { xx: true }, { score, member })
}

describe("sweeping", () => {
  it("forgets what nobody holds any more, and leaves what somebody does", async () => {
    await world.open("1", ["a"])
    await world.open("2", ["b"])
    await ranOut("a", 11)
    expect(await sweep()).toBe(1)
    expect(await live()).toEqual(["2"])
    expect(await store.redis.exists(keys.leases("a"))).toBe(0)
    expect(await sweep()).toBe(0)
  })

  it("leaves what ran out a moment ago: its streamer may only have been cut off", async () => {
    await world.open("1", ["a"])
    await ranOut("a", 9)
    expect(await sweep()).toBe(0)
    expect(await live()).toEqual(["1"])
  })

  it("forgets what was left of a source that was removed", async () => {
    await world.open("1", ["a"])
    expect(await sweepLive(store.run, ["b"])).toBe(1)
    expect(await live()).toEqual([])
  })
})
