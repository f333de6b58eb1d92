import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest"
import { keys } from "../store/keys.ts"
import { replaceSettings } from "../store/save-config.ts"
import { leave } from "./end.ts"
import { openTestStore, type TestStore } from "./test-store.ts"
import { TestWorld } from "./test-world.ts"
import { leaseMilliseconds, probeMilliseconds } from "./times.ts"

let store: TestStore
let world: TestWorld

beforeAll(async () => {
  store = await openTestStore()
  world = new TestWorld(store)
})
afterAll(() => store.close())
beforeEach(() => world.reset())

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
      await world.bornEarlier("ann", 60_000)
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

describe("a player's probe", () => {
  beforeEach(async () => {
    await world.sources({ a: null })
    await world.viewers({ username: "ann", maxStreams: 1 })
  })

  it("for the same channel from the same address within seconds is the same session", async () => {
    const first = await world.open("1", ["a"], { as: "ann" })
    await world.bornEarlier("ann", probeMilliseconds - 3000)
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
    await world.bornEarlier("ann", 3_600_000)
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
    await world.bornEarlier("ann", later)
    expect(await world.ask(channel, ["a"], { as: "ann", address })).toEqual({ code: "viewer_limit" })
  })
})
