import { beforeEach, describe, expect, it } from "vitest"
import { claimMilliseconds, questionGapMilliseconds } from "../account/report.ts"
import { keys } from "../store/keys.ts"
import { isAdmitted } from "./admit.ts"
import { store, useTestWorld, world } from "./test-lease.ts"

useTestWorld()

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
    ["reduce its room", 3, 2, 1],
    ["leave none when they are as many", 2, 2, 0],
    ["leave none when they are more", 2, 5, 0],
    ["do not matter without a limit", null, 5, 6],
  ])("counts connections elsewhere, which %s", async (_, limit, elsewhere, expected) => {
    await world.sources({ a: limit })
    await world.report("a", "primary", { elsewhere })
    expect(await opened("a", 6)).toBe(expected)
  })

  it.each([
    [{ status: "expired" as const }, "no_capacity"],
    [{ status: "banned" as const }, "no_capacity"],
    [{ status: "disabled" as const }, "no_capacity"],
    [{ status: "wrong_password" as const }, "no_capacity"],
    [{ status: "unknown" as const }, "open"],
    [{ expiresAt: 1_000_000_000_000 }, "no_capacity"],
    [{ expiresAt: 4_000_000_000_000 }, "open"],
    [{ refusedUntil: 1_000_000_000_000 }, "open"],
    [{ refusedUntil: 4_000_000_000_000 }, "no_capacity"],
  ])("with the report %j: %s", async (report, code) => {
    await world.sources({ a: 1 })
    await world.report("a", "primary", report)
    expect(await world.ask("1", ["a"])).toMatchObject({ code })
  })

  it("passes to the next profile when the provider refuses the first", async () => {
    const spare = { id: "spare", name: "spare", username: "u", password: "p" }
    await world.sources({ a: { maxStreams: 1, profiles: [spare] } })
    await world.report("a", "primary", { status: "banned" })
    expect(await world.open("1", ["a"])).toMatchObject({
      profile: "spare",
      skipped: [{ source: "a", profile: "primary", reason: "banned" }],
    })
  })

  it("frees a slot by itself when nobody came for it or its streamer died", async () => {
    await world.sources({ a: 1 })
    await world.open("1", ["a"], { lease: "pending" })
    expect(await world.ask("2", ["a"])).toMatchObject({ code: "no_capacity", reasons: ["full"] })
    await world.expire(keys.leases("a"))
    expect(await world.ask("2", ["a"], { lease: "next" })).toMatchObject({ code: "open", yielded: null })
    expect(await world.leases("a")).toEqual(["primary/1/pending", "primary/2/next"])
    expect(await world.ask("3", ["a"])).toMatchObject({ code: "no_capacity", reasons: ["full"] })
  })

  it("counts a channel once, however often its lease is renewed", async () => {
    await world.sources({ a: 2 })
    const admitted = await world.open("1", ["a"])
    for (let time = 0; time < 3; time++) await world.beat("s1", { leases: [world.held("1", admitted)] })
    expect(await opened("a", 2)).toBe(1)
  })
})

describe("a lease that ran out", () => {
  it("is forgotten after ten minutes, with what was to run on it", async () => {
    await world.sources({ a: 1 })
    await world.open("1", ["a"], { lease: "old" })
    const now = await store.now()
    const age = (minutes: number) => ({ score: now - minutes * 60_000, member: "primary/1/old" })
    await store.redis.zadd(keys.leases("a"), age(9))
    await world.open("2", ["a"], { lease: "next" })
    expect(await world.leases("a")).toEqual(["primary/1/old", "primary/2/next"])
    await store.redis.zadd(keys.leases("a"), age(11))
    await world.ask("3", ["a"])
    expect(await world.leases("a")).toEqual(["primary/2/next"])
    expect(await store.redis.hkeys(keys.live)).toEqual(["2"])
  })

  it("is forgotten without what runs for its channel on another one", async () => {
    await world.sources({ a: 2 })
    await world.open("1", ["a"], { lease: "next" })
    await store.redis.zadd(keys.leases("a"), { score: 1, member: "primary/1/old" })
    await world.ask("2", ["a"])
    expect(await world.live("1")).toMatchObject({ lease: "next" })
  })
})

describe("what only the provider counts", () => {
  const member = "a/primary"
  const dueIn = async () => Number(await store.redis.zscore(keys.profilesDue, member)) - (await store.now())
  const due = async (milliseconds: number) =>
    store.redis.zadd(keys.profilesDue, { score: (await store.now()) + milliseconds, member })
  const report = async (ageMilliseconds: number) =>
    world.report("a", "primary", { elsewhere: 1, at: (await store.now()) - ageMilliseconds })

  beforeEach(() => world.sources({ a: 1 }))

  it("is asked about at once when it is in the way, the last report being old", async () => {
    await report(questionGapMilliseconds + 1000)
    await due(900_000)
    expect(await world.ask("1", ["a"])).toMatchObject({ code: "no_capacity", reasons: ["elsewhere"] })
    expect(await dueIn()).toBeLessThanOrEqual(0)
  })

  it("is asked about some time after the last report, however often it is in the way", async () => {
    await report(questionGapMilliseconds - 6000)
    await due(900_000)
    for (let time = 0; time < 3; time++) await world.ask("1", ["a"])
    expect(Math.abs((await dueIn()) - 6000)).toBeLessThan(2000)
  })

  it("is not asked about again while a streamer asks", async () => {
    await report(900_000)
    await due(claimMilliseconds - 1000)
    await world.ask("1", ["a"])
    expect(await dueIn()).toBeGreaterThan(claimMilliseconds - 3000)
  })

  it("is not asked about sooner by a dry request, or when it is not in the way, or never asked about", async () => {
    await report(900_000)
    await due(900_000)
    await world.ask("1", ["a"], { dry: true })
    await world.report("a", "primary", { elsewhere: 0 })
    await world.open("1", ["a"])
    await world.ask("2", ["a"])
    expect(await dueIn()).toBeGreaterThan(800_000)
    await store.redis.zrem(keys.profilesDue, member)
    await report(900_000)
    await world.ask("2", ["a"])
    expect(await store.redis.zscore(keys.profilesDue, member)).toBeNull()
  })
})
