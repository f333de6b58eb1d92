import { beforeEach, describe, expect, it } from "vitest"
import { keys } from "../store/keys.ts"
import { replaceSettings } from "../store/save-config.ts"
import { leave } from "./end.ts"
import { store, useTestWorld, world } from "./test-lease.ts"

useTestWorld()

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
    expect(await world.ask("1", ["a"], { as: "bob", address: "phone", session: "S" })).toMatchObject({
      code: "join",
      viewer: null,
      session: expect.stringMatching(/^phone\/1\/S\/\d{13}$/),
    })
    expect(await world.sessions("bob")).toEqual([])
    await replaceSettings(store.redis, { publicPlaylist: "false" })
    expect(await world.ask("1", ["a"])).toEqual({ code: "unauthorized" })
  })

  it("is not needed by an always-on channel, which runs for nobody", async () => {
    const always = { unattended: true, address: "always-on", takeOver: false, lease: "L" }
    expect(await world.ask("1", ["a"], always)).toMatchObject({ code: "open", viewer: null })
    expect((await world.live("1"))?.idleSince).toBeNull()
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
    const refused = { code: "viewer_limit", zapping: false }
    expect(await world.ask("4", ["a"], { as: "ann", address: "tablet" })).toEqual(refused)
    expect(await world.ask("4", ["a"], { as: "ann", address: "phone" })).toEqual({
      ...refused,
      zapping: true,
    })
    expect(await world.live("4")).toBeNull()
    await world.expire(keys.sessions("ann"))
    expect(await world.ask("4", ["a"], { as: "ann", address: "tablet" })).toMatchObject({ code: "open" })
  })

  it("has room again after leaving", async () => {
    await world.viewers({ username: "ann", maxStreams: 1 })
    const first = await world.open("1", ["a"], { as: "ann" })
    const { lease, session, streamer } = first
    const watchers = { sessions: {}, crowd: null }
    await leave(store.run, { streamer, viewer: "ann", member: session, key: "1", lease, watchers })
    expect(await world.ask("2", ["a"], { as: "ann" })).toMatchObject({ code: "open" })
  })

  it("whose oldest session is to end, loses that one and no other", async () => {
    await world.viewers({ username: "ann", maxStreams: 2, whenFull: "replace" })
    const ids = ["first", "second", "third"]
    const members = []
    for (const [index, session] of ids.entries()) {
      const [oldest] = await world.sessions("ann")
      const admitted = await world.open(String(index), ["a"], { as: "ann", session, address: session })
      members.push(admitted.session)
      expect(admitted.ends).toEqual(session === "third" ? [oldest] : [])
      await world.bornEarlier("ann", 60_000)
    }
    const left = (await world.sessions("ann")).map((member) => member.split("/")[2])
    expect(new Set(left)).toEqual(new Set(["second", "third"]))
    expect(members.every((member) => member.split("/").length === 4)).toBe(true)
  })

  it("whose oldest session is to end is told which one, when they join, too", async () => {
    await world.viewers({ username: "ann", maxStreams: 1, whenFull: "replace" }, { username: "bob" })
    await world.open("2", ["a"], { as: "bob" })
    const { session } = await world.open("1", ["a"], { as: "ann" })
    expect(await world.open("2", ["a"], { as: "ann", address: "phone" })).toMatchObject({
      code: "join",
      ends: [session],
    })
  })

  it("whose oldest session is to end no longer watches its stream, which then yields", async () => {
    await world.sources({ a: 1, b: 1 })
    await world.viewers({ username: "ann", maxStreams: 1, whenFull: "replace" }, { username: "bob" })
    const ann = await world.open("1", ["a"], { as: "ann" })
    await world.watching("1", [ann])
    await world.open("2", ["b"], { as: "ann", address: "phone" })
    expect(await world.audience("1")).toEqual({ watchers: {}, crowds: {}, isIdle: true })
    expect(await world.ask("3", ["a"], { as: "bob" })).toMatchObject({ code: "open", yielded: ann.lease })
  })

  it("whose oldest session is to end says nothing of a stream of whose viewers nothing is known", async () => {
    await world.viewers({ username: "ann", maxStreams: 1, whenFull: "replace" })
    await world.open("1", ["a"], { as: "ann" })
    await world.changeLive("1", () => ({ watchers: {} }))
    await world.open("2", ["a"], { as: "ann", address: "phone" })
    expect(await world.audience("1")).toEqual({ watchers: {}, crowds: {}, isIdle: false })
  })

  it("whose oldest session is to end leaves the stream to others, and to their own next session", async () => {
    await world.viewers({ username: "ann", maxStreams: 1, whenFull: "replace" }, { username: "bob" })
    const ann = await world.open("1", ["a"], { as: "ann" })
    const bob = await world.open("1", ["a"], { as: "bob" })
    await world.watching("1", [ann, bob])
    const next = await world.open("1", ["a"], { as: "ann", address: "phone" })
    expect(next).toMatchObject({ code: "join", ends: [ann.session] })
    const watching = Object.keys((await world.live("1"))?.watchers ?? {})
    expect(new Set(watching)).toEqual(new Set([bob.session, next.session]))
    expect(await world.live("1")).toMatchObject({ idleSince: null })
  })

  it("loses no session to a request that is refused in the end", async () => {
    await world.sources({ a: 1 })
    await world.viewers({ username: "ann", maxStreams: 1, whenFull: "replace" }, { username: "bob" })
    const { session } = await world.open("1", ["a"], { as: "ann" })
    await world.open("1", ["a"], { as: "bob", address: "tv" })
    expect(await world.ask("2", ["a"], { as: "ann", address: "phone" })).toMatchObject({
      code: "no_capacity",
      reasons: ["full"],
    })
    expect(await world.sessions("ann")).toEqual([session])
  })
})
