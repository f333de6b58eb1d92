import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest"
import { keys } from "../store/keys.ts"
import { liveKey } from "./admit.ts"
import { release } from "./end.ts"
import { openTestStore, type TestStore } from "./test-store.ts"
import { TestWorld } from "./test-world.ts"
import { probeMilliseconds } from "./times.ts"

let store: TestStore
let world: TestWorld

beforeAll(async () => {
  store = await openTestStore()
  world = new TestWorld(store)
})
afterAll(() => store.close())
beforeEach(async () => {
  await world.reset()
  await world.viewers({ username: "ann", maxStreams: 1 }, { username: "bob" })
})

const full = { code: "no_capacity", reasons: ["full"] }
const anns = { as: "ann", owner: "ann" }
const bobs = { as: "bob", owner: "bob", address: "phone" }

describe("what is not shared", () => {
  it("has a stream and a lease for each owner", async () => {
    await world.sources({ a: 2 })
    const ann = await world.open("film", ["a"], { ...anns, lease: "A" })
    const bob = await world.open("film", ["a"], { ...bobs, lease: "B" })
    expect([ann.code, bob.code]).toEqual(["open", "open"])
    expect(new Set(await world.leases("a"))).toEqual(new Set(["primary/film~ann/A", "primary/film~bob/B"]))
    expect(await world.live("film~ann")).toMatchObject({ lease: "A" })
    expect(await world.live("film~bob")).toMatchObject({ lease: "B" })
    expect(await world.live("film")).toBeNull()
    expect(await world.ask("film", ["a"])).toMatchObject(full)
  })

  it("names the film, not the owner, in the session", async () => {
    await world.sources({ a: 1 })
    const { session } = await world.open("film", ["a"], { ...anns, session: "S" })
    expect(session).toMatch(/^living-room\/film\/S\/\d{13}$/)
  })

  it("gives one session and one lease to all its owner's requests, at any time", async () => {
    await world.sources({ a: 1 })
    for (let time = 0; time < 3; time++) await world.open("film", ["a"], { ...anns, lease: "first" })
    expect(Object.keys((await world.live("film~ann"))?.watchers ?? {})).toHaveLength(1)
    await world.bornEarlier("ann", 100 * probeMilliseconds)
    const [known] = await world.sessions("ann")
    for (let time = 0; time < 3; time++)
      expect(await world.open("film", ["a"], anns)).toMatchObject({
        code: "join",
        lease: "first",
        session: known,
      })
    expect(await world.sessions("ann")).toEqual([known])
    expect(await world.leases("a")).toEqual(["primary/film~ann/first"])
  })

  it("gives one session to all requests of an owner without a login", async () => {
    await world.sources({ a: 1 })
    const first = await world.open("film", ["a"], { owner: "living-room" })
    await world.changeLive("film~living-room", ({ watchers }) => ({
      watchers: Object.fromEntries(
        Object.entries(watchers).map(([session, watcher]) => [session.replace(/\d+$/, "1"), watcher]),
      ),
    }))
    const second = await world.open("film", ["a"], { owner: "living-room" })
    expect(second.session).toBe(first.session.replace(/\d+$/, "1"))
    expect(second.lease).toBe(first.lease)
  })

  it("is another session from another address, and counts against the viewer's limit", async () => {
    await world.sources({ a: 1 })
    await world.open("film", ["a"], anns)
    expect(await world.ask("film", ["a"], { ...anns, address: "phone" })).toMatchObject({
      code: "viewer_limit",
    })
  })

  it("costs a slot of the account, and yields and is taken over like a live stream", async () => {
    await world.sources({ a: 1 })
    const film = await world.open("film", ["a"], { ...bobs, lease: "F" })
    expect(await world.ask("1", ["a"])).toMatchObject(full)
    expect(await world.open("2", ["a"], { as: "bob", address: "phone", lease: "L" })).toMatchObject({
      yielded: "F",
      ends: [film.session],
    })
    expect(await world.open("film", ["a"], { ...bobs, lease: "G" })).toMatchObject({ yielded: "L" })
    await world.goIdle("film~bob")
    expect(await world.open("3", ["a"])).toMatchObject({ yielded: "G" })
    expect(await store.redis.hkeys(keys.live)).toEqual(["3"])
  })

  it("is played where its connection is, even where a nearer streamer could relay", async () => {
    await world.sources({ a: 1 })
    await world.streamer("s1", { region: "EU" })
    const first = await world.open("film", ["a"], { ...bobs, region: "EU", lease: "F" })
    await world.streamer("s2", { region: "AS" })
    await world.goIdle("film~bob")
    const asia = { ...bobs, region: "AS" }
    expect(await world.open("film", ["a"], asia)).toMatchObject({ code: "join", streamer: "s1", relay: null })
    await world.goIdle("film~bob")
    const other = { code: "open", streamer: "s1", relay: null, yielded: first.lease }
    expect(await world.open("other", ["a"], asia)).toMatchObject(other)
  })

  it("is given back by its own key", async () => {
    await world.sources({ a: 1 })
    const { lease } = await world.open("film", ["a"], anns)
    const name = { source: "a", profile: "primary", lease }
    await release(store.run, { ...name, key: "film" })
    expect(await world.leases("a")).toHaveLength(1)
    await release(store.run, { ...name, key: liveKey("film", "ann") })
    expect(await world.leases("a")).toEqual([])
    expect(await store.redis.exists(keys.live)).toBe(0)
  })

  it.each(["a/b", "ann~tv", "%s+", "ünïcode", '"x"\\'])("may be owned by %j", async (owner) => {
    await world.sources({ a: 1 })
    const first = await world.open("film", ["a"], { owner, as: "bob", address: "phone" })
    const again = { owner, as: "bob", address: "phone" }
    expect(await world.open("film", ["a"], again)).toMatchObject({ code: "join", lease: first.lease })
    expect(await world.open("1", ["a"], { as: "bob", address: "phone" })).toMatchObject({
      yielded: first.lease,
    })
  })
})
