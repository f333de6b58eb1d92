import { describe, expect, it } from "vitest"
import { keys } from "../store/keys.ts"
import { type AdmissionRequest, admit, isAdmitted } from "./admit.ts"
import { store, useTestWorld, world } from "./test-lease.ts"
import { type TestWorld, timeless } from "./test-world.ts"

useTestWorld()

describe("a dry request", () => {
  it("decides as a real one would, and changes nothing", async () => {
    await world.sources({ a: 1, b: 2 })
    await world.viewers({ username: "ann", maxStreams: 1, whenFull: "replace" }, { username: "bob" })
    await world.open("1", ["a"], { as: "ann", lease: "idle" })
    await world.goIdle("1")
    await world.open("9", ["b"])
    await store.redis.zadd(keys.leases("b"), { score: 1, member: "primary/8/expired" })
    await store.redis.hset(keys.live, { "8": JSON.stringify({ lease: "expired" }) })
    await store.redis.zadd(keys.sessions("bob"), { score: 1, member: "x/8/expired/1" })
    const before = await store.dump()
    const dry = (channel: string, sources: string[], as: string) =>
      world.ask(channel, sources, { as, address: "phone", dry: true })
    expect(await dry("1", ["a"], "bob")).toMatchObject({ code: "join", lease: "idle" })
    expect(await dry("2", ["a"], "bob")).toMatchObject({ code: "open", yielded: "idle" })
    expect(await dry("3", ["b"], "bob")).toMatchObject({ code: "open", source: "b", yielded: null })
    expect(await dry("3", ["b"], "ann")).toMatchObject({ code: "open" })
    const nothing = { code: "no_capacity", reasons: [], retryMs: 0, skipped: [], zapping: false }
    expect(await dry("4", [], "bob")).toEqual(nothing)
    expect(await store.dump()).toEqual(before)
  })
})

describe("a repeated request", () => {
  const answer = async (request: AdmissionRequest) => timeless(await admit(store.run, request))

  it("gets the first answer again and holds nothing more", async () => {
    await world.sources({ a: 2 })
    await world.viewers({ username: "ann", maxStreams: 1 })
    const request = await world.request("1", ["a"], { as: "ann" })
    const first = await answer(request)
    for (let time = 0; time < 3; time++) expect(await answer(request)).toEqual(first)
    expect(await world.leases("a")).toHaveLength(1)
    expect(await world.sessions("ann")).toHaveLength(1)
  })

  it("gets the first answer again after a stream yielded to it, and no other stream yields", async () => {
    await world.sources({ a: 2 })
    await world.open("1", ["a"], { lease: "older" })
    await world.open("2", ["a"], { lease: "younger" })
    await world.goIdle("1", 5000)
    await world.goIdle("2")
    const request = await world.request("3", ["a"])
    const first = await answer(request)
    expect(first).toMatchObject({ code: "open", yielded: "older" })
    expect(await answer(request)).toEqual(first)
    expect(await world.live("2")).toMatchObject({ lease: "younger" })
  })

  it("gets the first answer again after it replaced a session, and replaces no other", async () => {
    await world.sources({ a: null })
    await world.viewers({ username: "ann", maxStreams: 2, whenFull: "replace" })
    await world.open("1", ["a"], { as: "ann" })
    await world.bornEarlier("ann", 60_000)
    await world.open("2", ["a"], { as: "ann" })
    const request = await world.request("3", ["a"], { as: "ann" })
    const first = await answer(request)
    expect(await answer(request)).toEqual(first)
    expect((await world.sessions("ann")).map((member) => member.split("/")[1])).toEqual(["2", "3"])
  })

  it("joins again when it joined, and is refused again when it was refused", async () => {
    await world.sources({ a: 1 })
    await world.open("1", ["a"])
    for (const channel of ["1", "2"]) {
      const request = await world.request(channel, ["a"])
      expect(await answer(request)).toEqual(await answer(request))
    }
  })

  it("gets the first answer again from a streamer that drains by now", async () => {
    await world.sources({ a: 1 })
    const request = await world.request("1", ["a"])
    const first = await answer(request)
    await world.streamer("s1", { draining: true })
    await world.streamer("s2")
    expect(await answer(request)).toEqual(first)
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
    await world.goIdle("1")
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
