import { beforeEach, describe, expect, it } from "vitest"
import { admit } from "./admit.ts"
import { store, useTestWorld, world } from "./test-lease.ts"
import { timeless } from "./test-world.ts"
import { streamerDeadMilliseconds } from "./times.ts"

useTestWorld()

const https = { scheme: "https" } as const
const http = { scheme: "http" } as const
const unreachable = { code: "no_streamer", scheme: "https" }

const secure = (id: string, record: Parameters<typeof world.streamer>[1] = {}) =>
  world.streamer(id, { address: `https://${id}.example`, ...record })

describe("the scheme of the streamer's address", () => {
  beforeEach(() => world.sources({ a: null }))

  it("is the player's, however near and calm the others are", async () => {
    await secure("safe", { region: "NA", viewers: 50 })
    const first = await world.open("1", ["a"], { ...https, address: "tv" })
    expect(first).toMatchObject({ streamer: "safe", address: "https://safe.example", relay: null })
    expect(await world.open("2", ["a"], { ...http, address: "phone" })).toMatchObject({ streamer: "s1" })
  })

  it("is any where the player's is not known", async () => {
    await secure("s1")
    expect(await world.open("1", ["a"])).toMatchObject({ address: "https://s1.example" })
  })

  it("is what is missing when all streamers have another one, and nothing is held for the request", async () => {
    expect(await world.ask("1", ["a"], https)).toEqual(unreachable)
    expect(await world.leases("a")).toEqual([])
    await secure("safe", { viewers: 1, maxViewers: 1 })
    expect(await world.ask("1", ["a"], https)).toEqual(unreachable)
  })

  it("is not what is missing when the only ones of another are dead, or there are none", async () => {
    await world.silence("s1", streamerDeadMilliseconds + 1)
    expect(await world.ask("1", ["a"], https)).toEqual({ code: "no_streamer" })
    await secure("safe", { draining: true })
    expect(await world.ask("1", ["a"], https)).toEqual({ code: "no_streamer" })
  })

  it("is that of the streamer that asks, by whose address its player came", async () => {
    await world.open("1", ["a"], { address: "tv" })
    await secure("safe")
    await secure("free")
    const asks = { prefer: "safe", address: "phone" }
    await world.streamer("s1", { draining: true })
    await secure("safe", { viewers: 1, maxViewers: 1 })
    expect(await world.open("1", ["a"], asks)).toMatchObject({ streamer: "free", relay: "s1" })
    await secure("free", { draining: true })
    await world.streamer("s1")
    expect(await world.ask("1", ["a"], asks)).toEqual(unreachable)
  })
})

describe("a channel that is live on a streamer of another scheme", () => {
  beforeEach(async () => {
    await world.sources({ a: 1 })
    await world.open("1", ["a"], { ...http, lease: "L", address: "tv" })
  })

  it("is relayed by one of the player's; the provider has one connection still", async () => {
    await secure("safe", { region: "NA" })
    const joined = await world.open("1", ["a"], { ...https, address: "phone" })
    expect(joined).toMatchObject({ code: "join", streamer: "safe", relay: "s1", lease: "L" })
    expect(await world.leases("a")).toEqual(["primary/1/L"])
  })

  it("has no place for the player while there is no other streamer", async () => {
    expect(await world.ask("1", ["a"], { ...https, address: "phone" })).toEqual(unreachable)
    expect(Object.keys((await world.live("1"))?.watchers ?? {})).toHaveLength(1)
  })

  it("is not where another connection of the session goes, when that has the other scheme", async () => {
    await secure("safe")
    const again = await world.open("1", ["a"], { ...https, address: "tv" })
    expect(again).toMatchObject({ streamer: "safe", relay: "s1" })
  })

  it("yields its slot to the player's own streamer by way of the one that has it", async () => {
    await world.goIdle("1")
    await secure("safe")
    const request = await world.request("2", ["a"], { ...https, address: "phone" })
    const first = timeless(await admit(store.run, request))
    expect(first).toMatchObject({ code: "open", streamer: "safe", relay: "s1", yielded: "L" })
    // Once more, when the one that was told of it has come and gone.
    await world.changeLive("2", () => ({ watchers: {} }))
    expect(await admit(store.run, request)).toMatchObject({ code: "open", streamer: "safe", relay: "s1" })
  })
})

describe("what is not shared, and so not relayed", () => {
  const anns = { as: "ann", owner: "ann" }

  beforeEach(async () => {
    await world.sources({ a: 1 })
    await world.viewers({ username: "ann" })
    await secure("safe", { viewers: 9 })
    await world.open("film", ["a"], { ...anns, ...http })
  })

  it("is not played over another scheme while its connection is open", async () => {
    expect(await world.ask("film", ["a"], { ...anns, ...https })).toEqual(unreachable)
    expect(await world.open("film", ["a"], { ...anns, ...http })).toMatchObject({
      code: "join",
      streamer: "s1",
    })
  })

  it("takes over no slot of a streamer that it cannot be played at", async () => {
    const full = { code: "no_capacity", reasons: ["full"] }
    expect(await world.ask("other", ["a"], { ...anns, ...https })).toMatchObject(full)
    await world.goIdle("film~ann")
    expect(await world.ask("other", ["a"], { ...anns, ...https })).toMatchObject(full)
    expect(await world.open("other", ["a"], { ...anns, ...http })).toMatchObject({ streamer: "s1" })
  })
})
