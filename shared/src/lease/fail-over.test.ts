import { describe, expect, it } from "vitest"
import { keys } from "../store/keys.ts"
import type { Admitted } from "./admit.ts"
import { type FailOverRequest, failOver } from "./fail-over.ts"
import { feedFailed } from "./feed-health.ts"
import { store, useTestWorld, world } from "./test-lease.ts"
import { leaseMilliseconds } from "./times.ts"

useTestWorld()

const sources = ["a", "b", "c"]
let moves = 0

/** What a streamer asks whose upstream of channel 1 has failed. */
async function request(at: Admitted, change: Partial<FailOverRequest> = {}): Promise<FailOverRequest> {
  const { channel } = await world.request("1", sources)
  const { lease, source, profile, feed, key } = at
  return {
    streamer: at.streamer,
    epoch: (await store.redis.get<string>(keys.epoch)) ?? "",
    move: `move-${++moves}`,
    connection: { key, lease, source, profile, feed },
    channel,
    skip: [],
    relay: null,
    watchers: { sessions: { [at.session]: "" }, crowd: null },
    ...change,
  }
}
const ask = async (at: Admitted, change: Partial<FailOverRequest> = {}) =>
  failOver(store.run, await request(at, change))
const relayed = (origin: string, isGone: boolean) => ({ relay: { origin, isGone, newLease: "NEW" } })

describe("a live stream whose upstream failed", () => {
  it("goes on with the next feed, and its lease goes with it", async () => {
    await world.sources({ a: 1, b: 1, c: 1 })
    const first = await world.open("1", sources, { lease: "L" })
    expect(await ask(first, { skip: [first.feed] })).toEqual({
      ...{ code: "open", lease: "L", source: "b", profile: "primary", feed: "feed-1-1" },
      ...{ yielded: null, failing: false },
    })
    expect(await world.leases("a")).toEqual([])
    expect(await world.leases("b")).toEqual(["primary/1/L"])
    expect(await world.live("1")).toMatchObject({ lease: "L", source: "b", feed: "feed-1-1", streamer: "s1" })
    expect((await world.audience("1")).watchers).toHaveProperty([first.session])
    expect(await world.lifeOf(keys.leases("b"), "primary/1/L")).toBeGreaterThan(leaseMilliseconds - 2000)
  })

  it("tries the feeds after its own first, then begins again with the first", async () => {
    await world.sources({ a: 1, b: 1, c: 1 })
    const first = await world.open("1", sources)
    const second = { ...first, source: "b", feed: "feed-1-1" }
    await ask(first, { skip: [first.feed] })
    expect(await ask(second, { skip: [second.feed] })).toMatchObject({ feed: "feed-1-2" })
    const third = { ...first, source: "c", feed: "feed-1-2" }
    expect(await ask(third, { skip: [third.feed] })).toMatchObject({ feed: "feed-1-0" })
  })

  it("passes over what is full, blocked or skipped", async () => {
    await world.sources({ a: 1, b: 1, c: 1 })
    const first = await world.open("1", sources)
    await world.open("2", ["b"])
    expect(await ask(first, { skip: [first.feed] })).toMatchObject({ source: "c" })
    await feedFailed(store.run, { feed: "feed-1-2", channel: "1", source: "c" }, 1)
    const third = { ...first, source: "c", feed: "feed-1-2" }
    expect(await ask(third, { skip: ["feed-1-0"] })).toEqual({
      ...{ code: "none", reasons: ["blocked", "failed", "full"], retryMs: expect.any(Number) },
    })
    // What it runs on stays its own.
    expect(await world.leases("c")).toEqual([`primary/1/${first.lease}`])
  })

  it("goes on with another feed on its own account, which has no room but its own", async () => {
    await world.sources({ a: 1 })
    const first = await world.open("1", ["a", "a"])
    const { channel } = await world.request("1", ["a", "a"])
    expect(await ask(first, { channel, skip: [first.feed] })).toMatchObject({ feed: "feed-1-1", source: "a" })
    expect(await world.leases("a")).toHaveLength(1)
    expect(await store.redis.zcard(keys.ended("a"))).toBe(0)
  })

  it("goes on with another account of the same feed when only that pair is skipped", async () => {
    const login = { username: "u", password: "p", maxStreams: 1 }
    await world.sources({ a: { maxStreams: 1, profiles: [{ ...login, id: "two", name: "two" }] } })
    const { channel } = await world.request("1", ["a"])
    const first = await world.open("1", ["a"])
    const reply = await ask(first, { channel, skip: [`${first.feed}/primary`] })
    expect(reply).toMatchObject({ code: "open", profile: "two", feed: first.feed })
    expect(await store.redis.zrange(keys.ended("a"), 0, -1)).toEqual([`primary/${first.lease}`])
    // Back again, it is not counted twice.
    await ask({ ...first, profile: "two" }, { channel, skip: [`${first.feed}/two`] })
    expect(await store.redis.zrange(keys.ended("a"), 0, -1)).toEqual([`two/${first.lease}`])
  })

  it("takes the connection of its streamer's own idle stream, and names it", async () => {
    await world.sources({ a: 1, b: 1 })
    const first = await world.open("1", ["a"])
    const idle = await world.open("2", ["b"])
    await world.watching("2", [idle])
    await world.watching("2", [])
    expect(await ask(first, { skip: [first.feed] })).toMatchObject({ source: "b", yielded: idle.lease })
    expect(await world.live("2")).toBeNull()
    expect(await world.leases("b")).toEqual([`primary/1/${first.lease}`])
  })

  it("leaves another streamer's idle stream alone: its connection could not be closed first", async () => {
    await world.sources({ a: 1, b: 1 })
    const first = await world.open("1", ["a"])
    await world.open("2", ["b"])
    await world.streamer("s2")
    await world.changeLive("2", () => ({ streamer: "s2", watchers: {}, idleSince: 1 }))
    expect(await ask(first, { skip: [first.feed] })).toMatchObject({ code: "none" })
  })

  it("moves once, however often it is asked", async () => {
    await world.sources({ a: 1, b: 1, c: 1 })
    const first = await world.open("1", sources)
    const same = { move: "M", skip: [first.feed] }
    const reply = await ask(first, same)
    expect(await ask(first, same)).toEqual(reply)
    expect(await world.leases("c")).toEqual([])
  })

  it("hears that its connection is lost when it is somebody else's, or gone", async () => {
    await world.sources({ a: 1, b: 1 })
    const first = await world.open("1", sources)
    expect(await ask(first, { streamer: "s2" })).toEqual({ code: "lost" })
    expect(await ask({ ...first, lease: "other" })).toEqual({ code: "lost" })
    await world.changeLive("1", () => ({ streamer: "s2" }))
    expect(await ask(first)).toEqual({ code: "lost" })
    await world.changeLive("1", () => ({ streamer: "s1" }))
    await store.redis.zrem(keys.leases("a"), `primary/1/${first.lease}`)
    expect(await ask(first)).toEqual({ code: "lost" })
    expect(await world.leases("b")).toEqual([])
  })

  it("decides nothing when the streamer does not know yet that the store lost its data", async () => {
    await world.sources({ a: 1, b: 1 })
    const first = await world.open("1", sources)
    expect(await ask(first, { epoch: "another" })).toEqual({ code: "stale" })
    await store.redis.del(keys.epoch)
    expect(await ask(first, { epoch: "another" })).toEqual({ code: "stale" })
    expect(await world.leases("a")).toHaveLength(1)
  })

  it("keeps what ran out while the store was away for the heartbeat to judge", async () => {
    await world.sources({ a: 1, b: 1 })
    const first = await world.open("1", sources)
    await store.redis.zadd(keys.leases("a"), { score: 1, member: `primary/1/${first.lease}` })
    expect(await ask(first)).toMatchObject({ code: "none" })
  })
})

describe("a relayed stream whose origin failed", () => {
  it("takes over the connection of an origin that is gone, with its own viewers only", async () => {
    await world.sources({ a: 1, b: 1 })
    const first = await world.open("1", ["a"], { lease: "OLD" })
    await world.streamer("s2")
    const mine = { ...first, streamer: "s2", session: "elsewhere/1/x/1" }
    const reply = await ask(mine, relayed("s1", true))
    expect(reply).toMatchObject({ code: "open", lease: "NEW", source: "a", feed: first.feed })
    expect(await world.leases("a")).toEqual(["primary/1/NEW"])
    expect(await world.live("1")).toMatchObject({ streamer: "s2", lease: "NEW", crowds: {} })
    expect(Object.keys((await world.audience("1")).watchers ?? {})).toEqual([mine.session])
    // The first one, if it still runs, hears it at its next heartbeat, and can relay.
    expect(await ask(first)).toMatchObject({ code: "relay", streamer: "s2", lease: "NEW" })
  })

  it("is sent back to an origin that still runs", async () => {
    await world.sources({ a: 1 })
    const first = await world.open("1", ["a"])
    expect(await ask({ ...first, streamer: "s2" }, relayed("s1", false))).toMatchObject({
      ...{ code: "relay", streamer: "s1", lease: first.lease },
    })
  })

  it("takes over from an origin whose heartbeat is overdue, whatever is the matter with it", async () => {
    await world.sources({ a: 1 })
    const first = await world.open("1", ["a"])
    await world.streamer("s2")
    const mine = { ...first, streamer: "s2" }
    await world.silence("s1", 6_000)
    expect(await ask(mine, relayed("s1", false))).toMatchObject({ code: "relay", streamer: "s1" })
    await world.silence("s1", 8_000)
    expect(await ask(mine, relayed("s1", false))).toMatchObject({ code: "open", lease: "NEW" })
  })

  it("is sent to the streamer that took the connection over before it", async () => {
    await world.sources({ a: 1 })
    const first = await world.open("1", ["a"])
    await ask({ ...first, streamer: "s2" }, relayed("s1", true))
    const third = await ask(
      { ...first, streamer: "s3" },
      { relay: { origin: "s1", isGone: true, newLease: "N3" } },
    )
    expect(third).toMatchObject({ code: "relay", streamer: "s2", lease: "NEW" })
    expect(await world.leases("a")).toEqual(["primary/1/NEW"])
  })

  it("opens anew what its origin has given back", async () => {
    await world.sources({ a: 1, b: 1 })
    const first = await world.open("1", sources)
    await world.open("9", ["a"]).catch(() => undefined)
    await store.redis.zrem(keys.leases("a"), `primary/1/${first.lease}`)
    await store.redis.hdel(keys.live, "1")
    const reply = await ask({ ...first, streamer: "s2" }, relayed("s1", true))
    expect(reply).toMatchObject({ code: "open", lease: "NEW" })
    expect(await world.live("1")).toMatchObject({ streamer: "s2", lease: "NEW" })
    const again = await ask({ ...first, streamer: "s3" }, relayed("s1", true))
    expect(again).toMatchObject({ code: "relay", streamer: "s2" })
  })

  it("takes over within one account's limit, never beside it", async () => {
    await world.sources({ a: 1 })
    const first = await world.open("1", ["a"])
    await ask({ ...first, streamer: "s2" }, relayed("s1", true))
    expect(await world.ask("2", ["a"], { address: "attic" })).toMatchObject({ code: "no_capacity" })
  })
})
