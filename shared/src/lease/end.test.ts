import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest"
import { keys } from "../store/keys.ts"
import type { Admitted } from "./admit.ts"
import { leave, release } from "./end.ts"
import { openTestStore, type TestStore } from "./test-store.ts"
import { TestWorld } from "./test-world.ts"
import { stateWatchers, type WatcherStatement } from "./watchers.ts"

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

const full = { code: "no_capacity", reasons: ["full"] }
const nobody = stateWatchers([])

/** A session ends; `watchers` is what its streamer says of those who are left. */
const leaving = (
  channel: string,
  { streamer, session, viewer, lease }: Admitted,
  watchers: WatcherStatement | null,
) => leave(store.run, { streamer, viewer, member: session, key: channel, lease, watchers })

describe("leave", () => {
  it("ends the viewer's session and leaves the others' alone", async () => {
    const ann = await world.open("1", ["a"], { as: "ann" })
    const bob = await world.open("1", ["a"], { as: "bob", address: "phone" })
    expect(await leaving("1", ann, stateWatchers([bob]))).toBe("ok")
    expect(await world.sessions("ann")).toEqual([])
    expect(await world.sessions("bob")).toEqual([bob.session])
    expect(await world.live("1")).toMatchObject({
      idleSince: null,
      watchers: { [bob.session]: ["s1", "bob", 0] },
    })
    expect(Object.keys((await world.live("1"))?.watchers ?? {})).toEqual([bob.session])
  })

  it("makes the stream idle when nobody watches any more; its slot stays held", async () => {
    const ann = await world.open("1", ["a"], { as: "ann" })
    expect(await leaving("1", ann, nobody)).toBe("ok")
    const idleSince = (await world.live("1"))?.idleSince ?? 0
    expect(Math.abs(idleSince - (await store.now()))).toBeLessThan(2000)
    expect(await world.leases("a")).toEqual([`primary/1/${ann.lease}`])
  })

  it("does not make it idle while another one is on the way", async () => {
    const ann = await world.open("1", ["a"], { as: "ann" })
    const bob = await world.open("1", ["a"], { as: "bob", address: "phone" })
    expect(await leaving("1", ann, nobody)).toBe("ok")
    const live = await world.live("1")
    expect(live?.idleSince).toBeNull()
    expect(Object.keys(live?.watchers ?? {})).toEqual([bob.session])
  })

  it("makes it idle when the last one never watched, so that its streamer has nothing to say", async () => {
    const ann = await world.open("1", ["a"], { as: "ann" })
    expect(await leaving("1", ann, nobody)).toBe("ok")
    const bob = await world.open("1", ["a"], { as: "bob" })
    expect(await world.live("1")).toMatchObject({ idleSince: null })
    expect(await leaving("1", bob, null)).toBe("ok")
    expect((await world.live("1"))?.idleSince).toBeGreaterThan(0)
  })

  it("of who is not known to watch says nothing of those who do", async () => {
    const ann = await world.open("1", ["a"], { as: "ann" })
    await world.state("1", { sessions: {}, crowd: 9 })
    expect(await leaving("1", ann, null)).toBe("ok")
    expect(await world.live("1")).toMatchObject({ idleSince: null, crowds: { s1: 9 } })
    await world.changeLive("1", () => ({ crowds: {} }))
    expect(await leaving("1", ann, null)).toBe("ok")
    expect(await world.live("1")).toMatchObject({ idleSince: null })
  })

  it("keeps since when it has been idle", async () => {
    const ann = await world.open("1", ["a"], { as: "ann" })
    await world.goIdle("1", 5000)
    const idleSince = (await world.live("1"))?.idleSince
    expect(await leaving("1", ann, nobody)).toBe("ok")
    expect((await world.live("1"))?.idleSince).toBe(idleSince)
  })

  it("works the same without a viewer", async () => {
    const admitted = await world.open("1", ["a"])
    const before = await world.sessions("")
    expect(await leaving("1", admitted, nobody)).toBe("ok")
    expect((await world.live("1"))?.idleSince).toBeGreaterThan(0)
    expect(await world.sessions("")).toEqual(before)
  })

  it("can be repeated", async () => {
    const ann = await world.open("1", ["a"], { as: "ann" })
    for (let time = 0; time < 3; time++) expect(await leaving("1", ann, nobody)).toBe("ok")
    expect(await world.sessions("ann")).toEqual([])
    expect(await world.leases("a")).toHaveLength(1)
  })

  it("leaves a session alone that goes on", async () => {
    const ann = await world.open("1", ["a"], { as: "ann" })
    const rest = { streamer: "s1", viewer: "ann", key: "1", lease: ann.lease }
    expect(await leave(store.run, { ...rest, member: null, watchers: stateWatchers([ann]) })).toBe("ok")
    expect(await world.sessions("ann")).toEqual([ann.session])
    expect(await world.live("1")).toMatchObject({ watchers: { [ann.session]: ["s1", "ann", 0] } })
  })

  it("leaves a session alone that was sent to another streamer since, and ends it there", async () => {
    const ann = await world.open("1", ["a"], { as: "ann" })
    await world.streamer("s1", { draining: true })
    await world.streamer("s2")
    const again = await world.open("1", ["a"], { as: "ann" })
    expect(again).toMatchObject({ session: ann.session, streamer: "s2", relay: "s1" })
    expect(await leaving("1", ann, nobody)).toBe("ok")
    expect(await world.sessions("ann")).toEqual([ann.session])
    expect(await world.live("1")).toMatchObject({ idleSince: null })
    expect(await leaving("1", again, nobody)).toBe("ok")
    expect(await world.sessions("ann")).toEqual([])
    expect((await world.live("1"))?.idleSince).toBeGreaterThan(0)
  })

  it("says nothing of those who watch through another streamer", async () => {
    const ann = await world.open("1", ["a"], { as: "ann" })
    await world.streamer("s2", { region: "NA" })
    const bob = await world.open("1", ["a"], { as: "bob", region: "NA" })
    await world.watching("1", [bob], "s2")
    expect(await leaving("1", ann, nobody)).toBe("ok")
    expect(await world.live("1")).toMatchObject({
      idleSince: null,
      watchers: { [bob.session]: ["s2", "bob", 0] },
    })
    expect(await leaving("1", bob, nobody)).toBe("ok")
    expect((await world.live("1"))?.idleSince).toBeGreaterThan(0)
  })

  it("tells that the lease is lost, ends the session all the same, and leaves who has it now alone", async () => {
    const ann = await world.open("1", ["a"], { as: "ann" })
    await release(store.run, { source: "a", profile: "primary", key: "1", lease: ann.lease })
    expect(await leaving("1", ann, nobody)).toBe("lost")
    const bob = await world.open("1", ["a"], { as: "bob" })
    expect(await leaving("1", ann, nobody)).toBe("lost")
    expect(await world.live("1")).toMatchObject({ lease: bob.lease, idleSince: null })
    expect(await world.sessions("ann")).toEqual([])
    expect(await world.sessions("bob")).toEqual([bob.session])
  })
})

describe("release", () => {
  const releasing = (channel: string, lease: string) =>
    release(store.run, { source: "a", profile: "primary", key: channel, lease })
  const ended = () => store.redis.zrange<string[]>(keys.ended("a"), 0, -1)

  it("frees the slot at once", async () => {
    const { lease } = await world.open("1", ["a"])
    expect(await world.ask("2", ["a"])).toMatchObject(full)
    await releasing("1", lease)
    expect(await world.leases("a")).toEqual([])
    expect(await world.live("1")).toBeNull()
    expect(await world.ask("2", ["a"])).toMatchObject({ code: "open", yielded: null })
  })

  it("can be repeated, and frees nothing of somebody else's", async () => {
    const { lease } = await world.open("1", ["a"])
    await releasing("1", lease)
    const next = await world.open("1", ["a"])
    for (let time = 0; time < 3; time++) await releasing("1", lease)
    expect(await world.leases("a")).toEqual([`primary/1/${next.lease}`])
    expect(await world.live("1")).toMatchObject({ lease: next.lease })
  })

  it("of a lease that yielded frees nothing", async () => {
    const idle = await world.open("1", ["a"])
    await leaving("1", idle, nobody)
    const next = await world.open("2", ["a"])
    await releasing("1", idle.lease)
    expect(await world.leases("a")).toEqual([`primary/2/${next.lease}`])
    expect(await world.live("2")).toMatchObject({ lease: next.lease })
  })

  it("gives back the slot even when another lease has the channel by now", async () => {
    await world.sources({ a: 2 })
    const { lease } = await world.open("1", ["a"])
    await world.expire(keys.leases("a"))
    const other = await world.open("1", ["a"])
    await releasing("1", lease)
    expect(await world.leases("a")).toEqual([`primary/1/${other.lease}`])
    expect(await world.live("1")).toMatchObject({ lease: other.lease })
  })

  it("notes once that a connection has ended, since providers count on for a while", async () => {
    const { lease } = await world.open("1", ["a"])
    await releasing("1", lease)
    const at = Number(await store.redis.zscore(keys.ended("a"), `primary/${lease}`))
    expect(Math.abs(at - (await store.now()))).toBeLessThan(2000)
    for (const again of [lease, "never held"]) await releasing("1", again)
    expect(await ended()).toEqual([`primary/${lease}`])
    expect(Number(await store.redis.zscore(keys.ended("a"), `primary/${lease}`))).toBe(at)
  })

  it("forgets what ended more than a minute ago, on a busy account, too", async () => {
    const old = (await store.now()) - 61_000
    await store.redis.zadd(keys.ended("a"), { score: old, member: "primary/old" })
    const { lease } = await world.open("1", ["a"])
    await releasing("1", lease)
    expect(await ended()).toEqual([`primary/${lease}`])
    expect(await store.redis.pttl(keys.ended("a"))).toBeGreaterThan(50_000)
    const idle = await world.open("2", ["a"])
    await store.redis.zadd(keys.ended("a"), { score: old, member: "primary/old" })
    await leaving("2", idle, nobody)
    await world.open("3", ["a"])
    expect(await ended()).toEqual([`primary/${lease}`, `primary/${idle.lease}`])
  })
})

describe("a script nobody knows", () => {
  it("is an error of the caller", () => {
    expect(() => store.run("nonsense" as "acquire", [], [])).toThrow('no script "nonsense"')
  })
})
