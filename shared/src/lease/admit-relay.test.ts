import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest"
import { admit } from "./admit.ts"
import { openTestStore, type TestStore } from "./test-store.ts"
import { TestWorld, timeless } from "./test-world.ts"
import { streamerDeadMilliseconds } from "./times.ts"

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
})

let addresses = 0
const join = (options: Parameters<TestWorld["open"]>[2] = {}) =>
  world.open("1", ["a"], { address: `tv ${++addresses}`, ...options })

const direct = { code: "join", streamer: "s1", address: "http://s1.example", relay: null }
const relayed = { code: "join", streamer: "s2", address: "http://s2.example", relay: "s1" }

describe("a viewer of another region than the stream's", () => {
  beforeEach(async () => {
    await world.open("1", ["a"], { lease: "L" })
    await world.streamer("s2", { region: "NA" })
  })

  it("is sent to a streamer of their own, which relays it; the provider has one connection still", async () => {
    expect(await join({ region: "NA" })).toMatchObject({ ...relayed, lease: "L", source: "a" })
    expect(await world.leases("a")).toEqual(["primary/1/L"])
    expect(await world.live("1")).toMatchObject({ lease: "L", streamer: "s1" })
  })

  it("is counted as a watcher there, not at the origin", async () => {
    const { session } = await join({ region: "NA" })
    expect((await world.live("1"))?.watchers[session]).toEqual(["s2", "", expect.any(Number)])
  })

  it.each([
    ["of the stream's region", "EU"],
    ["of a region without a streamer", "AF"],
    ["of an unknown region", ""],
  ])("goes to the stream itself when they are %s", async (_, region) => {
    expect(await join({ region })).toMatchObject(direct)
  })

  it.each([
    ["drains", { draining: true }],
    ["is full", { viewers: 3, maxViewers: 3 }],
  ])("goes to the stream itself when the near streamer %s", async (_, record) => {
    await world.streamer("s2", { region: "NA", ...record })
    expect(await join({ region: "NA" })).toMatchObject(direct)
  })

  it("goes to the stream itself when the near streamer is dead", async () => {
    await world.silence("s2", streamerDeadMilliseconds + 1)
    expect(await join({ region: "NA" })).toMatchObject(direct)
  })

  it("goes to the calmest streamer of their region", async () => {
    await world.streamer("s2", { region: "NA", viewers: 9 })
    await world.streamer("s3", { region: "NA", viewers: 3 })
    expect(await join({ region: "NA" })).toMatchObject({ streamer: "s3", relay: "s1" })
  })

  it("goes to the stream itself when the streamer that asks is of neither region", async () => {
    await world.streamer("s3", { region: "AS" })
    expect(await join({ region: "AF", prefer: "s3" })).toMatchObject(direct)
  })

  it("goes to the stream itself when they and another streamer are of an unknown region", async () => {
    await world.streamer("s3", { region: "" })
    expect(await join({ region: "" })).toMatchObject(direct)
  })

  it("opens a channel that is not live on a streamer of their own, without a relay", async () => {
    await world.sources({ a: 2 })
    expect(await world.open("2", ["a"], { region: "NA" })).toMatchObject({
      code: "open",
      streamer: "s2",
      relay: null,
    })
  })
})

describe("a stream's own streamer", () => {
  it.each([
    ["drains", { draining: true }],
    ["is full", { viewers: 3, maxViewers: 3 }],
  ])("that %s is relayed from, for viewers of any region", async (_, record) => {
    await world.open("1", ["a"])
    await world.streamer("s1", record)
    await world.streamer("s2")
    for (const region of ["EU", "NA", ""]) expect(await join({ region })).toMatchObject(relayed)
    expect(await world.leases("a")).toHaveLength(1)
  })

  it("that drains is relayed from by the streamer that asks", async () => {
    await world.open("1", ["a"])
    await world.streamer("s1", { draining: true })
    await world.streamer("s2")
    await world.streamer("s3", { viewers: 99, region: "NA" })
    expect(await join({ prefer: "s3" })).toMatchObject({ streamer: "s3", relay: "s1" })
  })

  it("that takes nobody, and no other does, lets nobody in, and no place in the stream is taken", async () => {
    const first = await world.open("1", ["a"])
    await world.streamer("s1", { draining: true })
    await world.streamer("s2", { viewers: 1, maxViewers: 1 })
    expect(await world.ask("1", ["a"], { address: "phone" })).toEqual({ code: "no_streamer" })
    expect(Object.keys((await world.live("1"))?.watchers ?? {})).toEqual([first.session])
  })

  it("that is dead is not relayed from", async () => {
    await world.sources({ a: 2 })
    await world.open("1", ["a"])
    await world.silence("s1", streamerDeadMilliseconds + 1)
    await world.streamer("s2")
    expect(await world.open("1", ["a"])).toMatchObject({ code: "open", streamer: "s2", relay: null })
  })
})

describe("another connection of a session", () => {
  beforeEach(async () => {
    await world.open("1", ["a"], { address: "tv" })
    await world.streamer("s2", { region: "NA" })
  })

  it("goes to the streamer that relays to the first one, though another is calmer by now", async () => {
    const first = await join({ region: "NA", address: "phone" })
    await world.streamer("s2", { region: "NA", viewers: 50 })
    await world.streamer("s3", { region: "NA" })
    const { session } = await join({ region: "NA", address: "phone" })
    expect(session).toBe(first.session)
    expect((await world.live("1"))?.watchers[session]?.[0]).toBe("s2")
    expect(await join({ region: "NA", address: "tablet" })).toMatchObject({ streamer: "s3" })
  })

  it("goes to the stream's own streamer, which the first one has filled", async () => {
    await world.streamer("s1", { viewers: 2, maxViewers: 2 })
    expect(await join({ address: "tv" })).toMatchObject(direct)
    expect(await join({ address: "tablet" })).toMatchObject(relayed)
  })

  it("goes elsewhere when the first one's streamer drains, or when a streamer asks for it itself", async () => {
    await world.streamer("s3", { region: "NA", viewers: 50 })
    const { session } = await join({ region: "NA", address: "phone" })
    const again = { address: "phone", session: session.split("/")[2] ?? "" }
    await world.streamer("s2", { region: "NA", draining: true })
    expect(await join({ ...again, region: "NA" })).toMatchObject({ streamer: "s3", relay: "s1", session })
    expect(await join({ ...again, region: "", prefer: "s3" })).toMatchObject({ ...direct, session })
  })
})

describe("a repeated request", () => {
  const answer = async (...parameters: Parameters<TestWorld["request"]>) => {
    const request = await world.request(...parameters)
    const first = timeless(await admit(store.run, request))
    return { request, first }
  }

  it("gets the first answer again when what yielded to it is far, so that another one relays", async () => {
    await world.open("1", ["a"])
    await world.goIdle("1")
    await world.streamer("s2", { region: "NA" })
    const { request, first } = await answer("2", ["a"], { region: "NA" })
    expect(first).toMatchObject({ code: "open", streamer: "s2", relay: "s1" })
    await world.streamer("s2", { region: "NA", viewers: 50 })
    await world.streamer("s3", { region: "NA" })
    expect(timeless(await admit(store.run, request))).toEqual(first)
    await world.streamer("s2", { region: "NA", draining: true })
    expect(timeless(await admit(store.run, request))).toEqual(first)
  })

  it("joins again where it joined, whoever is calmer by now", async () => {
    await world.open("1", ["a"])
    await world.streamer("s2", { region: "NA" })
    await world.streamer("s3", { region: "NA" })
    const { request, first } = await answer("1", ["a"], { region: "NA", address: "phone" })
    for (let time = 0; time < 3; time++) expect(timeless(await admit(store.run, request))).toEqual(first)
  })
})
