import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest"
import { keys } from "../store/keys.ts"
import { replaceSettings } from "../store/save-config.ts"
import { admit, isAdmitted } from "./admit.ts"
import { leave } from "./end.ts"
import { openTestStore, type TestStore } from "./test-store.ts"
import { TestWorld } from "./test-world.ts"
import { leaseMilliseconds, probeMilliseconds, streamerDeadMilliseconds } from "./times.ts"

let store: TestStore
let world: TestWorld

beforeAll(async () => {
  store = await openTestStore()
  world = new TestWorld(store)
})
afterAll(() => store.close())
beforeEach(() => world.reset())

/** The stream of a channel has no viewer any more, since so many milliseconds. */
async function goIdle(channel: string, sinceMilliseconds = 0): Promise<void> {
  const live = await world.live(channel)
  expect(
    await leave(store.run, { viewer: null, member: "", channel, lease: live?.lease ?? "", idle: true }),
  ).toBe("ok")
  const idle = await world.live(channel)
  const idleSince = (idle?.idleSince ?? 0) - sinceMilliseconds
  await store.redis.hset(keys.live, { [channel]: JSON.stringify({ ...idle, idleSince }) })
}

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

describe("joining", () => {
  it("costs nothing: many viewers of a channel hold one lease", async () => {
    await world.sources({ a: 1 })
    const first = await world.open("1", ["a"], { lease: "L" })
    for (let number = 0; number < 5; number++) {
      const joined = await world.open("1", ["a"])
      expect(joined).toMatchObject({ code: "join", lease: "L", streamer: first.streamer, feed: first.feed })
    }
    expect(await world.leases("a")).toEqual(["primary/1/L"])
  })

  it("goes to the streamer that has the channel, wherever the viewer is", async () => {
    await world.sources({ a: 1 })
    await world.open("1", ["a"])
    await world.streamer("s2", { region: "NA" })
    expect(await world.open("1", ["a"], { region: "NA" })).toMatchObject({ code: "join", streamer: "s1" })
  })

  it("keeps the lease alive until the joiner can have arrived", async () => {
    await world.sources({ a: 1 })
    await world.open("1", ["a"], { lease: "L" })
    const soon = (await store.now()) + 500
    await store.redis.zadd(keys.leases("a"), { score: soon, member: "primary/1/L" })
    await world.open("1", ["a"])
    expect(await world.lifeOf(keys.leases("a"), "primary/1/L")).toBeGreaterThan(leaseMilliseconds - 2000)
  })

  it("wakes an idle stream, which then yields to nobody", async () => {
    await world.sources({ a: 1 })
    await world.open("1", ["a"])
    await goIdle("1")
    expect(await world.ask("1", ["a"])).toMatchObject({ code: "join" })
    expect(await world.live("1")).toMatchObject({ idleSince: null })
    expect(await world.ask("2", ["a"])).toEqual({ code: "no_capacity" })
  })

  it("is not possible when the lease ran out, so that the channel is opened anew", async () => {
    await world.sources({ a: 1 })
    await world.open("1", ["a"], { lease: "old" })
    await world.expire(keys.leases("a"))
    expect(await world.open("1", ["a"], { lease: "new" })).toMatchObject({ code: "open", lease: "new" })
    expect(await world.leases("a")).toEqual(["primary/1/new"])
  })

  it("is not possible on a streamer that is dead; the slot is free when its lease has run out", async () => {
    await world.sources({ a: 1 })
    await world.open("1", ["a"])
    await world.streamer("s2")
    await world.silence("s1", streamerDeadMilliseconds + 1)
    expect(await world.ask("1", ["a"])).toEqual({ code: "no_capacity" })
    await world.expire(keys.leases("a"))
    expect(await world.open("1", ["a"])).toMatchObject({ code: "open", streamer: "s2" })
  })

  it("is not possible on a streamer that drains", async () => {
    await world.sources({ a: 2 })
    await world.open("1", ["a"])
    await world.streamer("s1", { draining: true })
    await world.streamer("s2")
    expect(await world.open("1", ["a"])).toMatchObject({ code: "open", streamer: "s2" })
  })
})

describe("an idle stream", () => {
  it("yields its connection to whoever needs it, and is named, so that it is closed first", async () => {
    await world.sources({ a: 1 })
    await world.open("1", ["a"], { lease: "idle" })
    await goIdle("1")
    expect(await world.ask("2", ["a"], { lease: "next" })).toMatchObject({ code: "open", yielded: "idle" })
    expect(await world.leases("a")).toEqual(["primary/2/next"])
    expect(await world.live("1")).toBeNull()
    expect(await world.live("2")).toMatchObject({ lease: "next", yielded: "idle" })
  })

  it("is replaced on its own streamer, whichever would be better", async () => {
    await world.sources({ a: 1 })
    await world.open("1", ["a"])
    await goIdle("1")
    await world.streamer("s1", { viewers: 100, region: "AS" })
    await world.streamer("s2")
    expect(await world.open("2", ["a"], { prefer: "s2" })).toMatchObject({
      streamer: "s1",
      address: "http://s1.example",
    })
  })

  it("stays while there is room", async () => {
    await world.sources({ a: 2 })
    await world.open("1", ["a"])
    await goIdle("1")
    expect(await world.open("2", ["a"])).toMatchObject({ yielded: null })
    expect(await world.live("1")).not.toBeNull()
  })

  it("that has been idle for longest yields first, and a watched one never", async () => {
    await world.sources({ a: 3 })
    for (const channel of ["1", "2", "3"]) await world.open(channel, ["a"], { lease: `lease of ${channel}` })
    await goIdle("1", 1000)
    await goIdle("3", 5000)
    const yielded = []
    for (const channel of ["4", "5"]) yielded.push((await world.open(channel, ["a"])).yielded)
    expect(yielded).toEqual(["lease of 3", "lease of 1"])
    expect(await world.ask("6", ["a"])).toEqual({ code: "no_capacity" })
    expect(await world.live("2")).not.toBeNull()
  })

  it("yields before the next feed is tried", async () => {
    await world.sources({ a: 1, b: 1 })
    await world.open("1", ["a"])
    await goIdle("1")
    expect(await world.open("2", ["a", "b"])).toMatchObject({ source: "a" })
  })

  it.each([
    ["dead", () => world.silence("s1", streamerDeadMilliseconds + 1)],
    ["draining", () => world.streamer("s1", { draining: true })],
  ])("does not yield on a streamer that is %s", async (_, stop) => {
    await world.sources({ a: 1 })
    await world.open("1", ["a"])
    await goIdle("1")
    await stop()
    await world.streamer("s2")
    expect(await world.ask("2", ["a"])).toEqual({ code: "no_capacity" })
  })

  it("of another lease than the channel's does not yield", async () => {
    await world.sources({ a: 1 })
    await world.open("1", ["a"], { lease: "mine" })
    await goIdle("1")
    const live = await world.live("1")
    await store.redis.hset(keys.live, { "1": JSON.stringify({ ...live, lease: "another" }) })
    expect(await world.ask("2", ["a"])).toEqual({ code: "no_capacity" })
  })
})

describe("a viewer", () => {
  beforeEach(async () => {
    await replaceSettings(store.redis, {})
    await world.sources({ a: null })
  })

  it("is let in with the right password only", async () => {
    await world.viewers({ username: "ann" })
    expect(await world.ask("1", ["a"], { as: "ann" })).toMatchObject({ code: "open", viewer: "ann" })
    const refused = { code: "unauthorized" }
    expect(await world.ask("1", ["a"], { as: "ann", password: "Secret" })).toEqual(refused)
    expect(await world.ask("1", ["a"], { as: "Ann" })).toEqual(refused)
    expect(await world.ask("1", ["a"], { as: "bob" })).toEqual(refused)
    expect(await world.ask("1", ["a"])).toEqual(refused)
    expect(await world.ask("1", ["a"], { viewer: { username: "ann", check: "" } })).toEqual(refused)
  })

  it("whom a streamer vouches for needs no password, but has to exist", async () => {
    await world.viewers({ username: "ann" })
    const as = (username: string) => world.ask("1", ["a"], { viewer: { username, check: "trusted" } })
    expect(await as("ann")).toMatchObject({ code: "open", viewer: "ann" })
    expect(await as("bob")).toEqual({ code: "unauthorized" })
  })

  it("is not needed when the playlist is public; a login that is wrong then counts as none", async () => {
    await replaceSettings(store.redis, { publicPlaylist: "true" })
    expect(await world.ask("1", ["a"])).toMatchObject({ code: "open", viewer: null })
    expect(await world.ask("1", ["a"], { as: "bob", session: "S" })).toMatchObject({
      code: "join",
      viewer: null,
      session: "S",
    })
    expect(await world.sessions("bob")).toEqual([])
    await replaceSettings(store.redis, { publicPlaylist: "false" })
    expect(await world.ask("1", ["a"])).toEqual({ code: "unauthorized" })
  })

  it("keeps their own rights where the playlist is public", async () => {
    await replaceSettings(store.redis, { publicPlaylist: true })
    await world.viewers({ username: "ann", enabled: false })
    expect(await world.ask("1", ["a"], { as: "ann" })).toEqual({ code: "forbidden", reason: "disabled" })
  })

  it.each([
    ["disabled", { enabled: false }],
    ["expired", { expiresAt: "2020-01-01T00:00:00Z" }],
    ["group", { groups: ["News"] }],
    ["group", { groups: [] }],
  ])("is forbidden: %s", async (reason, rights) => {
    await world.viewers({ username: "ann", ...rights })
    expect(await world.ask("1", ["a"], { as: "ann" })).toEqual({ code: "forbidden", reason })
    expect(await world.sessions("ann")).toEqual([])
    expect(await world.live("1")).toBeNull()
  })

  it.each([
    { expiresAt: "2090-01-01T00:00:00Z" },
    { groups: ["News", "Sport"] },
    { groups: null },
    { maxStreams: 0 },
  ])("may watch with %j", async (rights) => {
    await world.viewers({ username: "ann", ...rights })
    expect(await world.ask("1", ["a"], { as: "ann" })).toMatchObject({ code: "open" })
  })

  it("is refused above their limit, counted over all channels and joins", async () => {
    await world.viewers({ username: "ann", maxStreams: 2 }, { username: "bob", maxStreams: 1 })
    await world.open("3", ["a"], { as: "bob" })
    await world.open("1", ["a"], { as: "ann", address: "tv" })
    expect(await world.open("3", ["a"], { as: "ann", address: "phone" })).toMatchObject({ code: "join" })
    expect(await world.ask("4", ["a"], { as: "ann", address: "tablet" })).toEqual({ code: "viewer_limit" })
    expect(await world.live("4")).toBeNull()
    await world.expire(keys.sessions("ann"))
    expect(await world.ask("4", ["a"], { as: "ann", address: "tablet" })).toMatchObject({ code: "open" })
  })

  it("has room again after leaving", async () => {
    await world.viewers({ username: "ann", maxStreams: 1 })
    const first = await world.open("1", ["a"], { as: "ann" })
    const { lease, session } = first
    await leave(store.run, { viewer: "ann", member: session, channel: "1", lease, idle: true })
    expect(await world.ask("2", ["a"], { as: "ann" })).toMatchObject({ code: "open" })
  })

  it("whose oldest session is to end, loses that one and no other", async () => {
    await world.viewers({ username: "ann", maxStreams: 2, whenFull: "replace" })
    const ids = ["first", "second", "third"]
    const members = []
    for (const [index, session] of ids.entries()) {
      members.push((await world.open(String(index), ["a"], { as: "ann", session, address: session })).session)
      await bornEarlier("ann", 60_000)
    }
    const left = (await world.sessions("ann")).map((member) => member.split("/")[2])
    expect(new Set(left)).toEqual(new Set(["second", "third"]))
    expect(members.every((member) => member.split("/").length === 4)).toBe(true)
  })

  it("loses no session to a request that is refused in the end", async () => {
    await world.sources({ a: 1 })
    await world.viewers({ username: "ann", maxStreams: 1, whenFull: "replace" })
    const { session } = await world.open("1", ["a"], { as: "ann" })
    expect(await world.ask("2", ["a"], { as: "ann", address: "phone" })).toEqual({ code: "no_capacity" })
    expect(await world.sessions("ann")).toEqual([session])
  })
})

/** Lets all sessions of a viewer have begun so much earlier. */
async function bornEarlier(viewer: string, milliseconds: number): Promise<void> {
  const key = keys.sessions(viewer)
  for (const member of await world.sessions(viewer)) {
    const score = Number(await store.redis.zscore(key, member))
    const parts = member.split("/")
    const born = Number(parts.pop()) - milliseconds
    await store.redis.zrem(key, member)
    await store.redis.zadd(key, { score, member: [...parts, born].join("/") })
  }
}

describe("a player's probe", () => {
  beforeEach(async () => {
    await world.sources({ a: null })
    await world.viewers({ username: "ann", maxStreams: 1 })
  })

  it("for the same channel from the same address within seconds is the same session", async () => {
    const first = await world.open("1", ["a"], { as: "ann" })
    await bornEarlier("ann", probeMilliseconds - 3000)
    const [known] = await world.sessions("ann")
    const second = await world.open("1", ["a"], { as: "ann" })
    expect(second.session).toBe(known)
    expect(second.session.split("/")[2]).toBe(first.session.split("/")[2])
    expect(await world.sessions("ann")).toHaveLength(1)
  })

  it("keeps its session alive", async () => {
    const { session } = await world.open("1", ["a"], { as: "ann" })
    await store.redis.zadd(keys.sessions("ann"), { score: (await store.now()) + 500, member: session })
    await world.open("1", ["a"], { as: "ann" })
    expect(await world.lifeOf(keys.sessions("ann"), session)).toBeGreaterThan(leaseMilliseconds - 2000)
  })

  it("may come from anywhere and at any time when it names its session, as an old ticket does", async () => {
    const { session } = await world.open("1", ["a"], { as: "ann", session: "known" })
    await bornEarlier("ann", 3_600_000)
    const again = await world.open("1", ["a"], { as: "ann", session: "known", address: "kitchen" })
    expect(again.session.split("/").slice(0, 3)).toEqual(session.split("/").slice(0, 3))
    expect(await world.sessions("ann")).toEqual([again.session])
  })

  it.each([
    ["another channel", "2", "living-room", 0],
    ["another address", "1", "kitchen", 0],
    ["the same place, much later", "1", "living-room", probeMilliseconds + 1],
  ])("is another session from %s", async (_, channel, address, later) => {
    await world.open("1", ["a"], { as: "ann" })
    await bornEarlier("ann", later)
    expect(await world.ask(channel, ["a"], { as: "ann", address })).toEqual({ code: "viewer_limit" })
  })
})

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

describe("a dry request", () => {
  it("decides as a real one would, and changes nothing", async () => {
    await world.sources({ a: 1, b: 2 })
    await world.viewers({ username: "ann", maxStreams: 1, whenFull: "replace" }, { username: "bob" })
    await world.open("1", ["a"], { as: "ann", lease: "idle" })
    await goIdle("1")
    await world.open("9", ["b"])
    await store.redis.zadd(keys.leases("b"), { score: 1, member: "primary/8/expired" })
    await store.redis.zadd(keys.sessions("bob"), { score: 1, member: "x/8/expired/1" })
    const before = await store.dump()
    const dry = (channel: string, sources: string[], as: string) =>
      world.ask(channel, sources, { as, address: "phone", dry: true })
    expect(await dry("1", ["a"], "bob")).toMatchObject({ code: "join", lease: "idle" })
    expect(await dry("2", ["a"], "bob")).toMatchObject({ code: "open", yielded: "idle" })
    expect(await dry("3", ["b"], "bob")).toMatchObject({ code: "open", source: "b", yielded: null })
    expect(await dry("3", ["b"], "ann")).toMatchObject({ code: "open" })
    expect(await dry("4", [], "bob")).toEqual({ code: "no_capacity" })
    expect(await store.dump()).toEqual(before)
  })
})

describe("a repeated request", () => {
  it("gets the first answer again and holds nothing more", async () => {
    await world.sources({ a: 2 })
    await world.viewers({ username: "ann", maxStreams: 1 })
    const request = await world.request("1", ["a"], { as: "ann" })
    const first = await admit(store.run, request)
    for (let time = 0; time < 3; time++) expect(await admit(store.run, request)).toEqual(first)
    expect(await world.leases("a")).toHaveLength(1)
    expect(await world.sessions("ann")).toHaveLength(1)
  })

  it("gets the first answer again after a stream yielded to it, and no other stream yields", async () => {
    await world.sources({ a: 2 })
    await world.open("1", ["a"], { lease: "older" })
    await world.open("2", ["a"], { lease: "younger" })
    await goIdle("1", 5000)
    await goIdle("2")
    const request = await world.request("3", ["a"])
    const first = await admit(store.run, request)
    expect(first).toMatchObject({ code: "open", yielded: "older" })
    expect(await admit(store.run, request)).toEqual(first)
    expect(await world.live("2")).toMatchObject({ lease: "younger" })
  })

  it("gets the first answer again after it replaced a session, and replaces no other", async () => {
    await world.sources({ a: null })
    await world.viewers({ username: "ann", maxStreams: 2, whenFull: "replace" })
    await world.open("1", ["a"], { as: "ann" })
    await bornEarlier("ann", 60_000)
    await world.open("2", ["a"], { as: "ann" })
    const request = await world.request("3", ["a"], { as: "ann" })
    const first = await admit(store.run, request)
    expect(await admit(store.run, request)).toEqual(first)
    expect((await world.sessions("ann")).map((member) => member.split("/")[1])).toEqual(["2", "3"])
  })

  it("joins again when it joined, and is refused again when it was refused", async () => {
    await world.sources({ a: 1 })
    await world.open("1", ["a"])
    for (const channel of ["1", "2"]) {
      const request = await world.request(channel, ["a"])
      expect(await admit(store.run, request)).toEqual(await admit(store.run, request))
    }
  })

  it("gets the first answer again from a streamer that drains by now", async () => {
    await world.sources({ a: 1 })
    const request = await world.request("1", ["a"])
    const first = await admit(store.run, request)
    await world.streamer("s1", { draining: true })
    await world.streamer("s2")
    expect(await admit(store.run, request)).toEqual(first)
  })
})

describe("many requests at once", () => {
  const askApart = async (...parameters: Parameters<TestWorld["request"]>) =>
    admit(store.runApart, await world.request(...parameters))

  it("for different channels: exactly one of 200 gets the last slot", async () => {
    await world.sources({ a: 3 })
    await world.open("x", ["a"])
    await world.open("y", ["a"])
    const requests = Array.from({ length: 200 }, (_, number) => askApart(`channel-${number}`, ["a"]))
    store.gateway.resetStats()
    const codes = (await Promise.all(requests)).map(({ code }) => code)
    expect(store.gateway.stats().requests).toBeGreaterThanOrEqual(200)
    expect(codes.filter((code) => code === "open")).toHaveLength(1)
    expect(codes.filter((code) => code === "no_capacity")).toHaveLength(199)
    expect(await world.leases("a")).toHaveLength(3)
  })

  it("for one channel: one opens it, all others join", async () => {
    await world.sources({ a: 1 })
    const requests = Array.from({ length: 200 }, () => askApart("1", ["a"]))
    const admissions = (await Promise.all(requests)).filter(isAdmitted)
    expect(admissions).toHaveLength(200)
    expect(admissions.filter(({ code }) => code === "open")).toHaveLength(1)
    expect(new Set(admissions.map(({ lease }) => lease)).size).toBe(1)
  })

  it("of one viewer: no more than their limit", async () => {
    await world.sources({ a: null })
    await world.viewers({ username: "ann", maxStreams: 5 })
    const requests = Array.from({ length: 50 }, (_, number) =>
      askApart(`channel-${number}`, ["a"], { as: "ann" }),
    )
    expect((await Promise.all(requests)).filter(isAdmitted)).toHaveLength(5)
    expect(await world.leases("a")).toHaveLength(5)
  })

  it("for the one idle stream: it yields once", async () => {
    await world.sources({ a: 1 })
    await world.open("1", ["a"])
    await goIdle("1")
    const requests = Array.from({ length: 50 }, (_, number) => askApart(`channel-${number}`, ["a"]))
    expect((await Promise.all(requests)).filter(isAdmitted)).toHaveLength(1)
  })
})

describe("an admission's cost", () => {
  it("is one request and one command, whatever the number of sources, profiles and leases", async () => {
    const profiles = Array.from({ length: 5 }, (_, index) => ({
      id: `p${index}`,
      name: "x",
      username: "u",
      password: "p",
      maxStreams: 1,
    }))
    const names = ["a", "b", "c", "d"]
    await world.sources(Object.fromEntries(names.map((name) => [name, { maxStreams: 1, profiles }])))
    await world.viewers({ username: "ann" })
    for (let number = 0; number < 20; number++) await world.open(`filler-${number}`, names)
    const request = await world.request("1", names, { as: "ann" })
    store.gateway.resetStats()
    expect(await admit(store.run, request)).toMatchObject({ code: "open" })
    expect(store.gateway.stats()).toEqual({ requests: 1, commands: 1, byCommand: { EVALSHA: 1 } })
  })

  it("is two when Redis forgot the script, and the answer is the same", async () => {
    await world.sources({ a: 1 })
    await store.redis.scriptFlush()
    store.gateway.resetStats()
    expect(await world.ask("1", ["a"])).toMatchObject({ code: "open" })
    expect(store.gateway.stats().byCommand).toEqual({ EVALSHA: 1, EVAL: 1 })
  })
})
