import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest"
import type { Admitted } from "./admit.ts"
import { leave, release } from "./end.ts"
import { openTestStore, type TestStore } from "./test-store.ts"
import { TestWorld } from "./test-world.ts"

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

const leaving = (channel: string, { session, viewer, lease }: Admitted, idle: boolean) =>
  leave(store.run, { viewer, member: session, channel, lease, idle })

describe("leave", () => {
  it("ends the viewer's session and leaves the others' alone", async () => {
    const ann = await world.open("1", ["a"], { as: "ann" })
    const bob = await world.open("1", ["a"], { as: "bob" })
    expect(await leaving("1", ann, false)).toBe("ok")
    expect(await world.sessions("ann")).toEqual([])
    expect(await world.sessions("bob")).toEqual([bob.session])
    expect(await world.live("1")).toMatchObject({ idleSince: null })
  })

  it("makes the stream idle when nobody watches any more; its slot stays held", async () => {
    const ann = await world.open("1", ["a"], { as: "ann" })
    expect(await leaving("1", ann, true)).toBe("ok")
    const idleSince = (await world.live("1"))?.idleSince ?? 0
    expect(Math.abs(idleSince - (await store.now()))).toBeLessThan(2000)
    expect(await world.leases("a")).toEqual([`primary/1/${ann.lease}`])
  })

  it("works the same without a viewer", async () => {
    const admitted = await world.open("1", ["a"])
    const before = await world.sessions("")
    expect(await leaving("1", admitted, true)).toBe("ok")
    expect((await world.live("1"))?.idleSince).toBeGreaterThan(0)
    expect(await world.sessions("")).toEqual(before)
  })

  it("can be repeated", async () => {
    const ann = await world.open("1", ["a"], { as: "ann" })
    for (let time = 0; time < 3; time++) expect(await leaving("1", ann, true)).toBe("ok")
    expect(await world.sessions("ann")).toEqual([])
    expect(await world.leases("a")).toHaveLength(1)
  })

  it("tells that the lease is lost, ends the session all the same, and leaves the new owner alone", async () => {
    const ann = await world.open("1", ["a"], { as: "ann" })
    await release(store.run, { source: "a", profile: "primary", channel: "1", lease: ann.lease })
    expect(await leaving("1", ann, true)).toBe("lost")
    const bob = await world.open("1", ["a"], { as: "bob" })
    expect(await leaving("1", ann, true)).toBe("lost")
    expect(await world.live("1")).toMatchObject({ lease: bob.lease, idleSince: null })
    expect(await world.sessions("ann")).toEqual([])
    expect(await world.sessions("bob")).toEqual([bob.session])
  })
})

describe("release", () => {
  const releasing = (channel: string, lease: string) =>
    release(store.run, { source: "a", profile: "primary", channel, lease })

  it("frees the slot at once", async () => {
    const { lease } = await world.open("1", ["a"])
    expect(await world.ask("2", ["a"])).toEqual({ code: "no_capacity" })
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
    await leaving("1", idle, true)
    const next = await world.open("2", ["a"])
    await releasing("1", idle.lease)
    expect(await world.leases("a")).toEqual([`primary/2/${next.lease}`])
    expect(await world.live("2")).toMatchObject({ lease: next.lease })
  })

  it("gives back the slot even when another lease has the channel by now", async () => {
    await world.sources({ a: 2 })
    const { lease } = await world.open("1", ["a"])
    await world.streamer("s1", { draining: true })
    await world.streamer("s2")
    const other = await world.open("1", ["a"])
    await releasing("1", lease)
    expect(await world.leases("a")).toEqual([`primary/1/${other.lease}`])
    expect(await world.live("1")).toMatchObject({ lease: other.lease })
  })
})

describe("a script nobody knows", () => {
  it("is an error of the caller", () => {
    expect(() => store.run("nonsense" as "admit", [], [])).toThrow('no script "nonsense"')
  })
})
