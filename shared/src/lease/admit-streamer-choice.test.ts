import { beforeEach, describe, expect, it } from "vitest"
import { keys } from "../store/keys.ts"
import type { StreamerRecord } from "../store/records.ts"
import { admit } from "./admit.ts"
import { store, useTestWorld, world } from "./test-lease.ts"
import { streamerDeadMilliseconds } from "./times.ts"

useTestWorld()

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

  it("is never one that is full, even when it asks itself", async () => {
    await world.streamer("full", { viewers: 5, maxViewers: 5 })
    await world.streamer("free", { viewers: 500, maxViewers: 501, region: "NA" })
    expect(await chosen()).toBe("free")
    expect(await world.ask("another", ["a"], { prefer: "full" })).toEqual({ code: "no_streamer" })
    await world.streamer("full", { viewers: 4, maxViewers: 5 })
    expect(await chosen()).toBe("full")
  })

  it("is missing when none runs, and nothing is held for the request", async () => {
    expect(await world.ask("1", ["a"])).toEqual({ code: "no_streamer" })
    await world.streamer("drains", { draining: true })
    expect(await world.ask("1", ["a"])).toEqual({ code: "no_streamer" })
    expect(await world.leases("a")).toEqual([])
  })
})

describe("a streamer's viewers", () => {
  const viewersOf = async (id: string) => {
    const text = await store.redis.hget<string>(keys.streamers, id)
    return (JSON.parse(text ?? "") as StreamerRecord).viewers
  }

  beforeEach(() => world.sources({ a: null }))

  it("grow with each admission, so that those of one moment are spread", async () => {
    await world.streamer("s2")
    const streamers = []
    for (let number = 0; number < 6; number++)
      streamers.push((await world.open(`${number}`, ["a"], { address: `tv ${number}` })).streamer)
    expect(streamers).toEqual(["s1", "s2", "s1", "s2", "s1", "s2"])
    expect([await viewersOf("s1"), await viewersOf("s2")]).toEqual([3, 3])
  })

  it("grow with joins, too, and are what the streamer says at its next heartbeat", async () => {
    await world.open("1", ["a"], { address: "tv" })
    await world.open("1", ["a"], { address: "phone" })
    expect(await viewersOf("s1")).toBe(2)
    await world.streamer("s1", { viewers: 1 })
    expect(await viewersOf("s1")).toBe(1)
  })

  it("do not grow with another connection of a session, a repeated request, a dry one or a refusal", async () => {
    await world.viewers({ username: "ann", maxStreams: 1 })
    for (const as of [undefined, "ann"]) {
      const before = await viewersOf("s1")
      const request = await world.request(`of ${as}`, ["a"], as === undefined ? {} : { as })
      for (let time = 0; time < 3; time++) await admit(store.run, request)
      await admit(store.run, { ...request, lease: "another", session: "probe" })
      await admit(store.run, { ...request, lease: "another", address: "phone", dry: true })
      expect(await viewersOf("s1")).toBe(before + 1)
    }
    expect(await world.ask("2", ["a"], { as: "ann", address: "phone" })).toMatchObject({
      code: "viewer_limit",
    })
    expect(await viewersOf("s1")).toBe(2)
  })

  it("fill it, and it is not heard of less lately for that", async () => {
    await world.streamer("s1", { maxViewers: 2 })
    await world.silence("s1", 5000)
    for (const address of ["tv", "phone"]) await world.open("1", ["a"], { address })
    expect(await world.ask("1", ["a"], { address: "tablet" })).toEqual({ code: "no_streamer" })
    const record = JSON.parse((await store.redis.hget<string>(keys.streamers, "s1")) ?? "") as StreamerRecord
    expect((await store.now()) - record.at).toBeGreaterThanOrEqual(5000)
    expect(record).toMatchObject({ address: "http://s1.example", viewers: 2, maxViewers: 2 })
  })
})
