import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest"
import { keys } from "../store/keys.ts"
import { openTestStore, type TestStore } from "./test-store.ts"
import { TestWorld } from "./test-world.ts"
import { comeBackMilliseconds, streamerDeadMilliseconds } from "./times.ts"

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
const ann = { as: "ann" }

describe("a stream is not taken over", () => {
  it("when another viewer watches it, from the same address", async () => {
    await world.watching("1", [await world.open("1", ["a"], { as: "bob" })])
    expect(await world.ask("2", ["a"], ann)).toMatchObject(full)
    expect(await world.ask("2", ["a"])).toMatchObject(full)
  })

  it("when somebody without a login watches it, from the same address", async () => {
    await world.watching("1", [await world.open("1", ["a"])])
    expect(await world.ask("2", ["a"], ann)).toMatchObject(full)
  })

  it.each([
    ["another viewer", { as: "bob", address: "phone" }],
    ["their own other player", { ...ann, address: "phone" }],
    ["somebody without a login", { address: "phone" }],
  ])("when %s watches it, too, there already or on the way", async (_, other) => {
    const own = await world.open("1", ["a"], ann)
    const joined = await world.open("1", ["a"], other)
    expect(await world.ask("2", ["a"], ann)).toMatchObject(full)
    await world.watching("1", [own, joined])
    expect(await world.ask("2", ["a"], ann)).toMatchObject(full)
    await world.watching("1", [own])
    expect(await world.ask("2", ["a"], ann)).toMatchObject({ code: "open", yielded: own.lease })
  })

  it("when the viewer asks again and never follows, and another one watches it", async () => {
    const own = await world.open("1", ["a"], ann)
    const other = await world.open("1", ["a"], { as: "bob", address: "phone" })
    await world.watching("1", [own, other])
    await world.open("1", ["a"], { as: "bob", address: "phone" })
    await world.missArrival("1")
    expect(await world.ask("2", ["a"], ann)).toMatchObject(full)
  })

  it("when a crowd watches it, until its streamer says that one is left", async () => {
    const own = await world.open("1", ["a"], ann)
    const crowd = [own]
    for (let number = 1; number <= 8; number++)
      crowd.push(await world.open("1", ["a"], { as: "bob", address: `tv ${number}` }))
    expect(await world.ask("2", ["a"], ann)).toMatchObject(full)
    await world.watching("1", crowd)
    expect(await world.audience("1")).toEqual({ watchers: {}, crowds: { s1: 9 }, isIdle: false })
    expect(await world.ask("2", ["a"], ann)).toMatchObject(full)
    await world.watching("1", crowd.slice(0, 2))
    expect(await world.ask("2", ["a"], ann)).toMatchObject(full)
    await world.watching("1", [own])
    expect(await world.ask("2", ["a"], ann)).toMatchObject({ yielded: own.lease })
  })

  it("when a streamer relays it to somebody, until that one dies", async () => {
    const own = await world.open("1", ["a"], ann)
    await world.streamer("s2", { region: "NA" })
    const far = await world.open("1", ["a"], { as: "bob", region: "NA" })
    await world.watching("1", [own])
    await world.watching("1", [far], "s2")
    expect(await world.ask("2", ["a"], ann)).toMatchObject(full)
    await world.silence("s2", streamerDeadMilliseconds + 1)
    expect(await world.ask("2", ["a"], ann)).toMatchObject({ yielded: own.lease })
  })

  it("when a crowd watches it through a streamer that relays, until that one dies", async () => {
    const own = await world.open("1", ["a"], ann)
    await world.watching("1", [own])
    await world.streamer("s2", { region: "NA" })
    await world.state("1", { sessions: {}, crowd: 9 }, "s2")
    expect(await world.ask("2", ["a"], ann)).toMatchObject(full)
    await world.silence("s2", streamerDeadMilliseconds + 1)
    expect(await world.ask("2", ["a"], ann)).toMatchObject({ yielded: own.lease })
  })

  it("when its own streamer is dead: nobody would close it", async () => {
    const own = await world.open("1", ["a"], ann)
    await world.silence("s1", streamerDeadMilliseconds + 1)
    await world.streamer("s2")
    expect(await world.ask("2", ["a"], ann)).toMatchObject(full)
    await world.watching("1", [])
    await world.watching("1", [own], "s2")
    expect(await world.ask("2", ["a"], ann)).toMatchObject(full)
  })

  it("when connections elsewhere would fill the account all the same", async () => {
    const own = await world.open("1", ["a"], ann)
    await world.report("a", "primary", { elsewhere: 1 })
    expect(await world.ask("2", ["a"], ann)).toMatchObject(full)
    expect(await world.live("1")).toMatchObject({ lease: own.lease })
  })

  it("when it runs on another source, or on a profile that cannot be used", async () => {
    await world.sources({ a: 1, b: 1 })
    await world.open("1", ["b"], ann)
    await world.open("bob's", ["a"], { as: "bob" })
    expect(await world.ask("2", ["a"], ann)).toMatchObject(full)
    await world.report("b", "primary", { status: "banned" })
    expect(await world.ask("2", ["b"], ann)).toMatchObject({ code: "no_capacity", reasons: ["banned"] })
  })

  it("when its lease is not the channel's any more, or it is not live at all", async () => {
    await world.open("1", ["a"], ann)
    await world.changeLive("1", () => ({ lease: "another" }))
    expect(await world.ask("2", ["a"], ann)).toMatchObject(full)
    await store.redis.hdel(keys.live, "1")
    expect(await world.ask("2", ["a"], ann)).toMatchObject(full)
  })

  it("when nobody clicked: a streamer that asks for another feed takes nobody's picture", async () => {
    await world.open("1", ["a"], ann)
    expect(await world.ask("2", ["a"], { ...ann, takeOver: false })).toMatchObject(full)
  })

  it("when the viewer is at their limit and is refused", async () => {
    await world.viewers({ username: "ann", maxStreams: 1 })
    const own = await world.open("1", ["a"], ann)
    const refused = { code: "viewer_limit", zapping: true }
    expect(await world.ask("2", ["a"], ann)).toEqual(refused)
    expect(await world.live("1")).toMatchObject({ lease: own.lease })
  })
})

describe("without a login a stream is not taken over", () => {
  it("from another address", async () => {
    const open = await world.open("1", ["a"])
    await world.watching("1", [open])
    expect(await world.ask("2", ["a"], { address: "living" })).toMatchObject(full)
    expect(await world.ask("2", ["a"], { address: "living-room-2" })).toMatchObject(full)
  })

  it("when the address is not known, so that all have the same", async () => {
    const open = await world.open("1", ["a"], { addressKnown: false })
    await world.watching("1", [open])
    expect(await world.ask("2", ["a"], { addressKnown: false })).toMatchObject({ ...full, zapping: false })
  })

  it("when its player is still on the way: it may be another one behind the same address", async () => {
    await world.open("1", ["a"])
    expect(await world.ask("2", ["a"])).toMatchObject({ ...full, zapping: true })
  })
})

describe("a player whose stream was taken", () => {
  const tv = { ...ann, address: "tv" }
  const phone = { ...ann, address: "phone" }

  beforeEach(async () => {
    await world.watching("1", [await world.open("1", ["a"], tv)])
    await world.open("2", ["a"], phone)
  })

  it("does not get it back by asking for the same channel again", async () => {
    expect(await world.live("2")).toMatchObject({ displaced: { address: "tv", channel: "1" } })
    for (let time = 0; time < 3; time++) expect(await world.ask("1", ["a"], tv)).toMatchObject(full)
  })

  it("does not get it back either when the other one has zapped on meanwhile", async () => {
    for (const channel of ["3", "4", "5"]) await world.open(channel, ["a"], phone)
    expect(await world.ask("1", ["a"], tv)).toMatchObject(full)
  })

  it("gets it for another channel: that is a zap", async () => {
    const taken = await world.live("2")
    expect(await world.ask("3", ["a"], tv)).toMatchObject({ code: "open", yielded: taken?.lease })
    expect(await world.live("3")).toMatchObject({ displaced: { address: "phone", channel: "2" } })
    expect(await world.ask("2", ["a"], phone)).toMatchObject(full)
  })

  it("gets it again after half a minute", async () => {
    const untilMs = (await world.live("2"))?.displaced?.untilMs ?? 0
    expect(Math.abs(untilMs - (await store.now()) - comeBackMilliseconds)).toBeLessThan(2000)
    await world.changeLive("2", ({ displaced }) => ({ displaced: displaced && { ...displaced, untilMs: 1 } }))
    expect(await world.ask("1", ["a"], tv)).toMatchObject({ code: "open" })
  })

  it("may not keep a third one out that asks for the same channel", async () => {
    expect(await world.ask("1", ["a"], { ...ann, address: "tablet" })).toMatchObject({ code: "open" })
  })

  it("may zap back when it watches alone what the other one took the slot for", async () => {
    const joined = await world.open("2", ["a"], tv)
    await world.watching("2", [joined])
    await world.changeLive("2", () => ({ watchers: { [joined.session]: ["s1", "ann", 0] } }))
    expect(await world.ask("1", ["a"], tv)).toMatchObject({ code: "open" })
  })

  it("gets any other free slot at once", async () => {
    await world.sources({ a: 1, b: 1 })
    expect(await world.ask("1", ["a", "b"], tv)).toMatchObject({ code: "open", source: "b" })
  })

  it("may zap back from the address that has the slot", async () => {
    for (const channel of ["1", "2", "1"])
      expect(await world.ask(channel, ["a"], phone)).toMatchObject({ yielded: expect.any(String) })
  })
})
