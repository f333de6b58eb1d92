import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest"
import { release } from "../lease/end.ts"
import { openTestStore, type TestStore } from "../lease/test-store.ts"
import { TestWorld } from "../lease/test-world.ts"
import { keys } from "../store/keys.ts"
import type { AccountReport, ProfileReport } from "../store/records.ts"
import { claimMilliseconds, questionGapMilliseconds, reportAccount, reportRefusal } from "./report.ts"

let store: TestStore
let world: TestWorld

beforeAll(async () => {
  store = await openTestStore()
  world = new TestWorld(store)
})
afterAll(() => store.close())
beforeEach(async () => {
  await world.reset()
  await world.sources({ a: 5, b: 5 })
})

const primary = { source: "a", profile: "primary" }
const member = "a/primary"

const report = (said: Partial<AccountReport> = {}, nextSeconds = 900, name = primary) =>
  reportAccount(
    store.run,
    name,
    { maxConnections: 2, activeConnections: 0, status: "active", expiresAt: null, ...said },
    nextSeconds,
  )
const refuse = (name = primary) => reportRefusal(store.run, name)
const stored = async (source = "a", profile = "primary") => {
  const text = await store.redis.hget<string>(keys.reports(source), profile)
  return text === null ? null : (JSON.parse(text) as ProfileReport)
}
const dueIn = async () => Number(await store.redis.zscore(keys.profilesDue, member)) - (await store.now())
const due = async (milliseconds: number) =>
  store.redis.zadd(keys.profilesDue, { score: (await store.now()) + milliseconds, member })
const near = (actual: number, expected: number) => expect(Math.abs(actual - expected)).toBeLessThan(2000)

describe("what a provider says of an account", () => {
  it("is kept with the store's own time, and is due again when it was told", async () => {
    const expiresAt = 4_000_000_000_123
    const written = await report({ activeConnections: 1, expiresAt }, 900)
    expect(written).toEqual({
      ...{ maxConnections: 2, activeConnections: 1, status: "active", expiresAt },
      ...{ elsewhere: 1, at: expect.any(Number), refusedUntil: 0 },
    })
    expect(await stored()).toEqual(written)
    near(written.at, await store.now())
    near(await dueIn(), 900_000)
  })

  it("is kept as it was said where it says nothing", async () => {
    await report({ maxConnections: null, activeConnections: null, status: "unknown" })
    expect(await stored()).toMatchObject({
      ...{ maxConnections: null, activeConnections: null, status: "unknown", expiresAt: null, elsewhere: 0 },
    })
  })

  it("replaces what it said before", async () => {
    await report({ status: "banned", activeConnections: 3 })
    await report({ maxConnections: 9 })
    expect(await stored()).toMatchObject({ status: "active", maxConnections: 9, elsewhere: 0 })
  })

  it("is not kept of a profile that was removed, nor of one of a source that was", async () => {
    const gone = { source: "a", profile: "gone" }
    expect(await report({}, 900, gone)).toMatchObject({ status: "active" })
    expect(await refuse(gone)).toMatchObject({ refusedUntil: expect.any(Number) })
    expect(await store.redis.exists(keys.reports("a"))).toBe(0)
    await world.sources({ b: 5 })
    await report()
    await refuse()
    expect(await store.redis.exists(keys.reports("a"))).toBe(0)
    expect(await store.redis.zrange(keys.profilesDue, 0, -1)).toEqual(["b/primary"])
  })

  it("is one request and one command", async () => {
    await report()
    store.gateway.resetStats()
    await report()
    expect(store.gateway.stats()).toEqual({ requests: 1, commands: 1, byCommand: { EVALSHA: 1 } })
  })
})

describe("connections elsewhere", () => {
  const elsewhere = async (activeConnections: number | null) =>
    (await report({ maxConnections: 9, activeConnections })).elsewhere

  it("are what the provider counts and we do not hold", async () => {
    expect(await elsewhere(3)).toBe(3)
    await world.open("1", ["a"])
    expect(await elsewhere(3)).toBe(2)
    await world.open("2", ["a"])
    expect(await elsewhere(3)).toBe(1)
  })

  it("are not less than none, and none when the provider does not say", async () => {
    await world.open("1", ["a"])
    expect(await elsewhere(0)).toBe(0)
    expect(await elsewhere(null)).toBe(0)
  })

  it("are not those of other profiles or sources, nor of leases that ran out", async () => {
    const login = { username: "u", password: "p", maxStreams: 1 }
    const profiles = [{ ...login, id: "primary2", name: "x" }]
    await world.sources({ a: { maxStreams: 1, profiles }, b: 5 })
    for (const channel of ["1", "2"]) await world.open(channel, ["a"])
    await world.open("3", ["b"])
    expect(await elsewhere(3)).toBe(2)
    await world.expire(keys.leases("a"))
    expect(await elsewhere(3)).toBe(3)
  })

  it("are not those that ended less than ten seconds ago: panels notice it late", async () => {
    const { lease } = await world.open("1", ["a"])
    await release(store.run, { ...primary, key: "1", lease })
    expect(await elsewhere(1)).toBe(0)
    const ended = `primary/${lease}`
    await store.redis.zadd(keys.ended("a"), { score: (await store.now()) - 8_000, member: ended })
    expect(await elsewhere(1)).toBe(0)
    await store.redis.zadd(keys.ended("a"), { score: (await store.now()) - 11_000, member: ended })
    expect(await elsewhere(1)).toBe(1)
  })

  it("that may be ours of a moment ago are asked about again when it is certain", async () => {
    const { lease } = await world.open("1", ["a"])
    await world.open("2", ["a"])
    await release(store.run, { ...primary, key: "1", lease })
    await elsewhere(1)
    near(await dueIn(), 900_000)
    await elsewhere(2)
    near(await dueIn(), 10_000)
    await report({ activeConnections: 2 }, 5)
    near(await dueIn(), 5_000)
  })

  it("are not those that yielded or were taken over just now, with those that have their slots", async () => {
    await world.viewers({ username: "ann" })
    await world.sources({ a: 1 })
    await world.open("1", ["a"])
    await world.goIdle("1")
    await world.open("2", ["a"], { as: "ann" })
    expect(await elsewhere(2)).toBe(0)
    await world.open("3", ["a"], { as: "ann" })
    expect(await elsewhere(3)).toBe(0)
    expect(await elsewhere(4)).toBe(1)
  })

  it("reduce the room at once, and give it back when they have ended", async () => {
    await world.sources({ a: 1 })
    await elsewhere(1)
    expect(await world.ask("1", ["a"])).toMatchObject({ code: "no_capacity", reasons: ["elsewhere"] })
    await elsewhere(0)
    expect(await world.ask("1", ["a"])).toMatchObject({ code: "open" })
  })
})

describe("a refusal", () => {
  it("keeps the profile from being used for half a minute, and the rest of its report", async () => {
    const before = await report({ activeConnections: 1 })
    const written = await refuse()
    expect(written).toEqual({ ...before, refusedUntil: expect.any(Number) })
    expect(await stored()).toEqual(written)
    near(written.refusedUntil - (await store.now()), 30_000)
    expect(await world.ask("1", ["a"])).toMatchObject({ code: "no_capacity", reasons: ["refused"] })
    await world.report("a", "primary", { ...written, refusedUntil: (await store.now()) - 1 })
    expect(await world.ask("1", ["a"])).toMatchObject({ code: "open" })
  })

  it("is over when the provider says how much it counts, but not by another answer", async () => {
    await refuse()
    const { refusedUntil } = await report({ activeConnections: null })
    near(refusedUntil - (await store.now()), 30_000)
    expect((await report({ activeConnections: 0 })).refusedUntil).toBe(0)
    expect(await world.ask("1", ["a"])).toMatchObject({ code: "open" })
  })

  it("of a profile that was not asked about yet makes no report of it", async () => {
    expect(await refuse()).toMatchObject({
      ...{ maxConnections: null, activeConnections: null, status: "unknown", expiresAt: null },
      ...{ elsewhere: 0, at: 0 },
    })
  })

  it("of a profile without a login is kept, too, though nobody is asked about it", async () => {
    await world.sources({ a: { maxStreams: 5, username: undefined, password: undefined } })
    await refuse()
    expect(await stored()).toMatchObject({ refusedUntil: expect.any(Number) })
    expect(await store.redis.zscore(keys.profilesDue, member)).toBeNull()
    const locator = { kind: "url" as const, template: "http://a.example/1" }
    expect(await world.ask("1", ["a"], { locator })).toMatchObject({ reasons: ["refused"] })
  })

  it("has the provider asked at once when the last answer is old", async () => {
    await report()
    await world.report("a", "primary", { at: (await store.now()) - questionGapMilliseconds - 1000 })
    await refuse()
    expect(await dueIn()).toBeLessThanOrEqual(0)
  })

  it("has it asked some time after the last answer, however often it refuses", async () => {
    await report()
    for (let time = 0; time < 3; time++) await refuse()
    near(await dueIn(), questionGapMilliseconds)
  })

  it("does not have it asked again while a streamer asks, nor later than it was to be", async () => {
    await due(claimMilliseconds - 1000)
    await refuse()
    near(await dueIn(), claimMilliseconds - 1000)
    await report()
    await due(5000)
    await refuse()
    near(await dueIn(), 5000)
  })
})
