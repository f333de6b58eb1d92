import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest"
import { keys } from "../store/keys.ts"
import type { FeedHealth } from "../store/records.ts"
import { feedFailed, feedOpened, readFailingFeeds } from "./feed-health.ts"
import { openTestStore, type TestStore } from "./test-store.ts"
import { firstBlockMilliseconds, forgetFailuresMilliseconds, longestBlockMilliseconds } from "./times.ts"

let store: TestStore

beforeAll(async () => {
  store = await openTestStore()
})
afterAll(() => store.close())
beforeEach(async () => {
  await store.redis.flushall()
})

const opened = (feed = "f", channel = "1", source = "acme") => ({ feed, channel, source })
const fail = (maxFailures = 3) => feedFailed(store.run, opened(), maxFailures)
const stored = async () => {
  const text = await store.redis.get<string>(keys.feedHealth("f"))
  return text === null ? null : (JSON.parse(text) as FeedHealth)
}
const blockedFor = async ({ blockedUntil }: FeedHealth) => blockedUntil - (await store.now())
const endBlock = async () => {
  const health = { ...(await stored()), blockedUntil: (await store.now()) - 1 }
  await store.redis.set(keys.feedHealth("f"), JSON.stringify(health))
}

describe("a feed's failures", () => {
  it("block it after as many as are allowed, for half a minute", async () => {
    expect(await fail()).toEqual({ failures: 1, blocks: 0, blockedUntil: 0 })
    expect(await fail()).toEqual({ failures: 2, blocks: 0, blockedUntil: 0 })
    const third = await fail()
    expect(third).toMatchObject({ failures: 3, blocks: 1 })
    expect(Math.abs((await blockedFor(third)) - firstBlockMilliseconds)).toBeLessThan(2000)
    expect(firstBlockMilliseconds).toBe(30_000)
  })

  it("block it at the first one when only one is allowed", async () => {
    expect(await fail(1)).toMatchObject({ failures: 1, blocks: 1 })
  })

  it("block it for twice as long each time after the block, and for half an hour at most", async () => {
    const milliseconds = []
    for (let time = 0; time < 10; time++) {
      const health = await fail(1)
      expect(health.blocks).toBe(time + 1)
      milliseconds.push(Math.round((await blockedFor(health)) / 10_000) * 10)
      await endBlock()
    }
    expect(milliseconds).toEqual([30, 60, 120, 240, 480, 960, 1800, 1800, 1800, 1800])
    expect(longestBlockMilliseconds).toBe(1_800_000)
  })

  it("block it for half an hour at most after however many", async () => {
    const health: FeedHealth = { failures: 5000, blocks: 5000, blockedUntil: 1 }
    await store.redis.set(keys.feedHealth("f"), JSON.stringify(health))
    const next = await fail()
    expect(Math.abs((await blockedFor(next)) - longestBlockMilliseconds)).toBeLessThan(2000)
  })

  it("at the same time are one reason to block it", async () => {
    const replies = await Promise.all(
      Array.from({ length: 50 }, () => feedFailed(store.runApart, opened(), 3)),
    )
    expect(await stored()).toMatchObject({ failures: 50, blocks: 1 })
    const until = new Set(replies.map(({ blockedUntil }) => blockedUntil).filter((time) => time > 0))
    expect(until.size).toBe(1)
  })

  it("while it is blocked do not make the block longer", async () => {
    const { blockedUntil } = await fail(1)
    expect(await fail(1)).toEqual({ failures: 2, blocks: 1, blockedUntil })
  })

  it("are forgotten when it opens, so that the next block is a short one", async () => {
    await fail(1)
    await endBlock()
    await fail(1)
    await feedOpened(store.redis, opened())
    expect(await stored()).toBeNull()
    await feedOpened(store.redis, opened())
    expect(await fail()).toEqual({ failures: 1, blocks: 0, blockedUntil: 0 })
  })

  it("are forgotten an hour after the last one, or after its block", async () => {
    const life = () => store.redis.pttl(keys.feedHealth("f"))
    await fail()
    expect(Math.abs((await life()) - forgetFailuresMilliseconds)).toBeLessThan(2000)
    await store.redis.pexpire(keys.feedHealth("f"), 60_000)
    await fail(2)
    const blocked = forgetFailuresMilliseconds + firstBlockMilliseconds
    expect(Math.abs((await life()) - blocked)).toBeLessThan(2000)
  })

  it("are its own", async () => {
    await fail(1)
    expect(await feedFailed(store.run, opened("other"), 1)).toMatchObject({ failures: 1, blocks: 1 })
  })
})

describe("the feeds that fail", () => {
  const failing = async (limit = 10) => (await readFailingFeeds(store.redis, limit)).map(({ feed }) => feed)

  it("are listed with how they fail, and with the channel that they were opened for", async () => {
    expect(await readFailingFeeds(store.redis, 10)).toEqual([])
    const health = await feedFailed(store.run, opened("one", "100000001", "acme"), 1)
    const [one, ...more] = await readFailingFeeds(store.redis, 10)
    expect(more).toEqual([])
    expect(one).toEqual({
      ...{ feed: "one", channel: "100000001", source: "acme", health },
      lastFailureAt: expect.any(Number),
    })
    expect(Math.abs((one?.lastFailureAt ?? 0) - (await store.now()))).toBeLessThan(2000)
  })

  it("are listed once, those that failed last first, and not more than are asked for", async () => {
    for (const feed of ["one", "two", "three"]) {
      await feedFailed(store.run, opened(feed), 3)
      const before = await store.now()
      while ((await store.now()) === before);
    }
    await feedFailed(store.run, opened("one", "2"), 3)
    expect(await failing()).toEqual(["one", "three", "two"])
    expect(await failing(2)).toEqual(["one", "three"])
  })

  it("are not listed any more when they open, or are forgotten", async () => {
    await feedFailed(store.run, opened("one"), 3)
    await feedFailed(store.run, opened("two"), 3)
    await feedFailed(store.run, opened("three"), 3)
    await feedOpened(store.redis, opened("one"))
    expect(await store.redis.zcard(keys.feedsFailing)).toBe(2)
    await store.redis.del(keys.feedHealth("two"))
    expect(await failing()).toEqual(["three"])
  })

  it("do not stay in the list for ever", async () => {
    const longest = longestBlockMilliseconds + forgetFailuresMilliseconds
    await store.redis.zadd(keys.feedsFailing, { score: (await store.now()) - longest - 1, member: "old/1/a" })
    await feedFailed(store.run, opened(), 3)
    expect(await store.redis.zrange(keys.feedsFailing, 0, -1)).toEqual(["f/1/acme"])
    expect(Math.abs((await store.redis.pttl(keys.feedsFailing)) - longest)).toBeLessThan(2000)
  })
})
