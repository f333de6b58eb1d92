import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest"
import { keys } from "../store/keys.ts"
import { admit } from "./admit.ts"
import { openTestStore, type TestStore } from "./test-store.ts"
import { TestWorld, timeless } from "./test-world.ts"

let store: TestStore
let world: TestWorld

beforeAll(async () => {
  store = await openTestStore()
  world = new TestWorld(store)
})
afterAll(() => store.close())
beforeEach(async () => {
  await world.reset()
  await world.sources({ a: 1 })
  await world.viewers({ username: "ann" }, { username: "bob" })
})

const ann = { as: "ann" }

describe("a zap of a viewer with a login", () => {
  it("does so though many clicked the channel and never came", async () => {
    const own = await world.open("1", ["a"], { ...ann, lease: "before" })
    await world.watching("1", [own])
    for (let number = 0; number < 20; number++) {
      await world.open("1", ["a"], { as: "bob", address: `tv ${number}` })
      await world.missArrival("1")
    }
    expect(await world.open("2", ["a"], ann)).toMatchObject({ code: "open", yielded: "before" })
  })

  it("takes the slot of the stream that they watch alone, which is named to be closed first", async () => {
    const before = await world.open("1", ["a"], { ...ann, lease: "before" })
    await world.watching("1", [before])
    const after = await world.open("2", ["a"], { ...ann, lease: "after" })
    expect(after).toMatchObject({
      code: "open",
      lease: "after",
      streamer: "s1",
      relay: null,
      yielded: "before",
      ends: [before.session],
    })
    expect(await world.leases("a")).toEqual(["primary/2/after"])
    expect(await world.live("1")).toBeNull()
    expect(await world.live("2")).toMatchObject({ lease: "after", yielded: "before", idleSince: null })
    expect(Object.keys((await world.live("2"))?.watchers ?? {})).toEqual([after.session])
  })

  it("ends the session before, and no other", async () => {
    await world.sources({ a: 1, b: 1 })
    const elsewhere = await world.open("3", ["b"], { ...ann, address: "tablet" })
    await world.open("1", ["a"], ann)
    const after = await world.open("2", ["a"], ann)
    expect(new Set(await world.sessions("ann"))).toEqual(new Set([elsewhere.session, after.session]))
  })

  it("is one that a provider may count on for a while", async () => {
    await world.open("1", ["a"], { ...ann, lease: "before" })
    await world.open("2", ["a"], ann)
    expect(await store.redis.zrange(keys.ended("a"), 0, -1)).toEqual(["primary/before"])
  })

  it("takes what they have only asked for, too: a quick zapper goes through many channels", async () => {
    const streams = []
    for (const channel of ["1", "2", "3", "4"]) streams.push(await world.open(channel, ["a"], ann))
    const leases = streams.map(({ lease }) => lease)
    expect(streams.map(({ yielded }) => yielded)).toEqual([null, ...leases.slice(0, 3)])
    expect(await world.sessions("ann")).toEqual([streams[3]?.session])
    expect(await world.leases("a")).toHaveLength(1)
  })

  it("takes it from any address", async () => {
    const before = await world.open("1", ["a"], { ...ann, address: "tv" })
    expect(await world.open("2", ["a"], { ...ann, address: "phone" })).toMatchObject({
      yielded: before.lease,
      ends: [before.session],
    })
  })

  it("takes their stream from the same address rather than one they watch elsewhere", async () => {
    const profiles = [{ id: "second", name: "x", username: "u", password: "p", maxStreams: 2 }]
    await world.sources({ a: { maxStreams: 1, profiles } })
    const tv = await world.open("1", ["a"], { ...ann, address: "tv" })
    const tablet = await world.open("2", ["a"], { ...ann, address: "tablet" })
    const phone = await world.open("3", ["a"], { ...ann, address: "phone" })
    expect(await world.open("4", ["a"], { ...ann, address: "phone" })).toMatchObject({
      profile: "second",
      yielded: phone.lease,
    })
    expect(await world.sessions("ann")).toEqual(expect.arrayContaining([tv.session, tablet.session]))
  })

  it("takes the first in failover order of several that they watch elsewhere", async () => {
    await world.sources({ a: 1, b: 1 })
    const tablet = await world.open("1", ["a"], { ...ann, address: "tablet" })
    const tv = await world.open("2", ["b"], { ...ann, address: "tv" })
    const dry = { ...ann, address: "phone", dry: true }
    expect(await world.ask("3", ["a", "b"], dry)).toMatchObject({ yielded: tablet.lease })
    expect(await world.ask("3", ["b", "a"], dry)).toMatchObject({ yielded: tv.lease })
  })

  it("is not needed while there is room, or somebody's idle stream", async () => {
    await world.sources({ a: 2, b: 1 })
    const before = await world.open("1", ["a"], ann)
    expect(await world.open("2", ["a"], ann)).toMatchObject({ yielded: null, ends: [] })
    const idle = await world.open("3", ["b"])
    await world.goIdle("3")
    expect(await world.open("4", ["a", "b"], ann)).toMatchObject({ yielded: idle.lease, source: "b" })
    expect(await world.live("1")).toMatchObject({ lease: before.lease })
  })

  it("takes the slot for the channel's next feed when theirs is on that source", async () => {
    await world.sources({ a: 1, b: 1 })
    await world.open("bob's", ["a"], { as: "bob" })
    const before = await world.open("1", ["b"], ann)
    expect(await world.open("2", ["a", "b"], ann)).toMatchObject({
      source: "b",
      feed: "feed-2-1",
      yielded: before.lease,
      skipped: [{ source: "a", profile: "primary", reason: "full" }],
    })
  })

  it("takes it when connections elsewhere leave room for one of ours", async () => {
    await world.sources({ a: 2 })
    await world.report("a", "primary", { elsewhere: 1 })
    const before = await world.open("1", ["a"], ann)
    expect(await world.open("2", ["a"], ann)).toMatchObject({ yielded: before.lease })
  })

  it("takes a stream that another streamer relays to them; its own streamer opens the next one", async () => {
    await world.open("1", ["a"])
    await world.goIdle("1")
    await world.streamer("s2", { region: "NA" })
    const before = await world.open("1", ["a"], { ...ann, region: "NA" })
    expect(before).toMatchObject({ streamer: "s2", relay: "s1" })
    expect(await world.open("2", ["a"], { ...ann, region: "NA" })).toMatchObject({
      streamer: "s2",
      relay: "s1",
      yielded: before.lease,
    })
    expect(await world.live("2")).toMatchObject({ streamer: "s1" })
  })

  it("takes a stream on a streamer that drains, through another one that relays", async () => {
    const before = await world.open("1", ["a"], ann)
    await world.streamer("s1", { draining: true })
    await world.streamer("s2")
    expect(await world.open("2", ["a"], ann)).toMatchObject({
      streamer: "s2",
      relay: "s1",
      yielded: before.lease,
    })
  })

  it("names a session once that also gives its place because the viewer is at their limit", async () => {
    await world.viewers({ username: "ann", maxStreams: 1, whenFull: "replace" })
    const before = await world.open("1", ["a"], ann)
    const after = await world.open("2", ["a"], { ...ann, address: "phone" })
    expect(after).toMatchObject({ yielded: before.lease, ends: [before.session] })
    expect(await world.sessions("ann")).toEqual([after.session])
  })

  it("names both sessions when another one gives its place", async () => {
    await world.sources({ a: 1, b: 1 })
    await world.viewers({ username: "ann", maxStreams: 2, whenFull: "replace" })
    const oldest = await world.open("1", ["b"], { ...ann, address: "tv" })
    await world.bornEarlier("ann", 60_000)
    const [replaced = ""] = await world.sessions("ann")
    const before = await world.open("2", ["a"], { ...ann, address: "phone" })
    const request = await world.request("3", ["a"], { ...ann, address: "phone" })
    const after = timeless(await admit(store.run, request))
    expect(after).toMatchObject({ yielded: before.lease, ends: [replaced, before.session] })
    expect(await world.live("1")).toMatchObject({ lease: oldest.lease })
    expect(timeless(await admit(store.run, request))).toEqual(after)
  })
})

describe("a zap without a login", () => {
  it("takes the slot of what plays already, from the same address", async () => {
    const before = await world.open("1", ["a"])
    await world.watching("1", [before])
    expect(await world.open("2", ["a"])).toMatchObject({ yielded: before.lease, ends: [before.session] })
  })

  it("takes it as soon as the player has come, before its streamer says all of who watches", async () => {
    const before = await world.open("1", ["a"])
    const watcher = { session: before.session, viewer: null }
    expect(await world.hold("1", before, { watcher })).toMatchObject({ held: true })
    expect(await world.open("2", ["a"])).toMatchObject({ yielded: before.lease })
  })
})

describe("a take-over", () => {
  it("that is asked for repeatedly gets the first answer again, and takes nothing more", async () => {
    await world.sources({ a: 2 })
    const before = await world.open("1", ["a"], ann)
    const other = await world.open("bob's", ["a"], { as: "bob" })
    const request = await world.request("2", ["a"], ann)
    const first = timeless(await admit(store.run, request))
    expect(first).toMatchObject({ yielded: before.lease, ends: [before.session] })
    for (let time = 0; time < 3; time++) expect(timeless(await admit(store.run, request))).toEqual(first)
    expect(new Set(await world.leases("a"))).toEqual(
      new Set([`primary/2/${request.lease}`, `primary/bob's/${other.lease}`]),
    )
    expect(await world.sessions("bob")).toEqual([other.session])
  })

  it("ends nobody's session for who joins the stream later; they are told what is closed first", async () => {
    const before = await world.open("1", ["a"], ann)
    await world.open("2", ["a"], ann)
    expect(await world.open("2", ["a"], { as: "bob" })).toMatchObject({
      code: "join",
      yielded: before.lease,
      ends: [],
    })
  })

  it("is decided by a dry request, too, which changes nothing", async () => {
    const before = await world.open("1", ["a"], ann)
    const stored = await store.dump()
    expect(await world.ask("2", ["a"], { ...ann, dry: true })).toMatchObject({
      code: "open",
      yielded: before.lease,
      ends: [before.session],
    })
    expect(await store.dump()).toEqual(stored)
  })

  it("by many requests at once leaves the viewer one stream, and others' theirs", async () => {
    await world.sources({ a: 2 })
    const bob = await world.open("bob's", ["a"], { as: "bob" })
    await world.open("1", ["a"], ann)
    const requests = Array.from({ length: 50 }, async (_, number) =>
      admit(store.runApart, await world.request(`channel-${number}`, ["a"], ann)),
    )
    // Each takes the slot from the one before it.
    const answers = await Promise.all(requests)
    expect(answers.every(({ code }) => code === "open")).toBe(true)
    const leases = await world.leases("a")
    expect(leases).toHaveLength(2)
    expect(leases).toContain(`primary/bob's/${bob.lease}`)
    expect(await store.redis.hkeys(keys.live)).toHaveLength(2)
    expect(await world.sessions("ann")).toHaveLength(1)
  })

  it("costs one request and one command", async () => {
    await world.open("1", ["a"], ann)
    const request = await world.request("2", ["a"], ann)
    store.gateway.resetStats()
    expect(await admit(store.run, request)).toMatchObject({ code: "open" })
    expect(store.gateway.stats()).toEqual({ requests: 1, commands: 1, byCommand: { EVALSHA: 1 } })
  })
})
