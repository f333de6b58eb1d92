import { beforeEach, describe, expect, it } from "vitest"
import { keys } from "../store/keys.ts"
import type { FeedHealth } from "../store/records.ts"
import { store, useTestWorld, world } from "./test-lease.ts"
import type { TestWorld } from "./test-world.ts"

useTestWorld()

const failing = async (feed: string, blockedMilliseconds: number, blocks = 1) => {
  const blockedUntil = blocks === 0 ? 0 : (await store.now()) + blockedMilliseconds
  const health: FeedHealth = { failures: 5, blocks, blockedUntil }
  await store.redis.set(keys.feedHealth(feed), JSON.stringify(health))
}

describe("a refusal for want of a connection", () => {
  it("says of every profile what was in the way, once for all of the channel's feeds", async () => {
    const login = { username: "u", password: "p", maxStreams: 1 }
    const profiles = ["full", "elsewhere", "expired", "banned", "off"].map((id, priority) => ({
      ...login,
      ...{ id, name: id, priority: priority + 1, enabled: id !== "off" },
    }))
    await world.sources({ a: { enabled: true, maxStreams: 1, profiles } })
    await world.report("a", "primary", { refusedUntil: 4e12 })
    await world.report("a", "elsewhere", { elsewhere: 1 })
    await world.report("a", "expired", { expiresAt: 1 })
    await world.report("a", "banned", { status: "banned" })
    await world.open("1", ["a"], { address: "tv" })
    const skip = (profile: string, reason: string) => ({ source: "a", profile, reason })
    expect(await world.ask("2", ["a", "a"], { address: "phone" })).toEqual({
      code: "no_capacity",
      reasons: ["banned", "disabled", "elsewhere", "expired", "full", "refused"],
      retryMs: 0,
      skipped: [
        skip("primary", "refused"),
        skip("expired", "expired"),
        skip("banned", "banned"),
        skip("off", "disabled"),
        skip("full", "full"),
        skip("elsewhere", "elsewhere"),
      ],
      zapping: true,
    })
  })

  it("tells when a blocked feed is tried again, the first of several", async () => {
    await world.sources({ a: 1 })
    await failing("feed-1-0", 90_000)
    await failing("feed-1-1", 40_000)
    await failing("feed-1-2", 70_000)
    const refused = await world.ask("1", ["a", "a", "a"])
    expect(refused).toMatchObject({ code: "no_capacity", reasons: ["blocked"], skipped: [], zapping: false })
    const retryMs = "retryMs" in refused ? refused.retryMs : 0
    expect(retryMs).toBeGreaterThan(38_000)
    expect(retryMs).toBeLessThanOrEqual(40_000)
  })

  it("tells no time when an account is full besides: it may be free at any moment", async () => {
    await world.sources({ a: 1 })
    await world.open("1", ["a"], { address: "tv" })
    await failing("feed-2-0", 90_000)
    expect(await world.ask("2", ["a", "a"], { address: "phone" })).toMatchObject({
      reasons: ["blocked", "full"],
      retryMs: 0,
    })
  })

  it("tells that a stream of the same player may be about to end, where that can be", async () => {
    await world.sources({ a: 1, banned: { enabled: false } })
    await world.viewers({ username: "ann" })
    await world.open("1", ["a"], { as: "ann", address: "tv" })
    await world.open("1", ["a"], { address: "phone" })
    const zapping = async (...parameters: Parameters<TestWorld["ask"]>) => {
      const refused = await world.ask(...parameters)
      return "zapping" in refused ? refused.zapping : refused.code
    }
    expect(await zapping("2", ["a"], { as: "ann", address: "tv" })).toBe(true)
    expect(await zapping("2", ["a"], { as: "ann", address: "tablet" })).toBe(false)
    expect(await zapping("2", ["a"], { address: "anywhere" })).toBe(true)
    expect(await zapping("2", ["a"], { address: "anywhere", addressKnown: false })).toBe(false)
    expect(await zapping("2", ["banned"], { as: "ann", address: "tv" })).toBe(false)
  })

  it("leaves no session, no lease and no stream behind", async () => {
    await world.sources({ a: 1 })
    await world.viewers({ username: "ann" })
    await world.open("1", ["a"])
    const before = await store.dump()
    expect(await world.ask("2", ["a"], { as: "ann" })).toMatchObject({ code: "no_capacity" })
    expect(await store.dump()).toEqual(before)
  })
})

describe("a feed that fails", () => {
  beforeEach(() => world.sources({ a: 2, b: 2 }))

  it("is passed by while it is blocked, and tried again then, as one that failed lately", async () => {
    await failing("feed-1-0", 60_000)
    expect(await world.open("1", ["a", "b"])).toMatchObject({ feed: "feed-1-1", failing: false })
    await failing("feed-2-0", -1)
    expect(await world.open("2", ["a", "b"])).toMatchObject({ feed: "feed-2-0", failing: true })
  })

  it("is tried while it has not failed often enough", async () => {
    await failing("feed-1-0", 0, 0)
    expect(await world.open("1", ["a"])).toMatchObject({ feed: "feed-1-0", failing: true })
    expect(await world.open("1", ["a"], { address: "phone" })).toMatchObject({ code: "join", failing: true })
  })

  it("is joined while it is live, although it is blocked", async () => {
    await world.open("1", ["a"])
    await failing("feed-1-0", 60_000)
    expect(await world.open("1", ["a"], { address: "phone" })).toMatchObject({ code: "join", failing: true })
  })

  it("does not hold a slot back from a feed of another channel", async () => {
    await failing("feed-1-0", 60_000)
    expect(await world.open("2", ["a"])).toMatchObject({ feed: "feed-2-0" })
  })

  it("just now is not tried again for the same viewer, who asks to skip it", async () => {
    expect(await world.open("1", ["a", "b"], { skip: ["feed-1-0"] })).toMatchObject({ feed: "feed-1-1" })
    expect(await world.ask("2", ["a", "b"], { skip: ["feed-2-1", "feed-2-0", "unknown"] })).toMatchObject({
      code: "no_capacity",
      reasons: ["failed"],
      retryMs: 0,
    })
  })
})
