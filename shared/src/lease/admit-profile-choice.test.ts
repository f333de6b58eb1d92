import { beforeEach, describe, expect, it } from "vitest"
import type { Locator } from "../catalogue/entry.ts"
import { keys } from "../store/keys.ts"
import { store, useTestWorld, world } from "./test-lease.ts"
import { leaseMilliseconds } from "./times.ts"

useTestWorld()

const full = { code: "no_capacity", reasons: ["full"] }

describe("opening", () => {
  it("leases a profile with room and says who streams it", async () => {
    await world.sources({ a: 1 })
    const admission = await world.ask("1", ["a"], { lease: "L", session: "S" })
    expect(admission).toEqual({
      code: "open",
      streamer: "s1",
      address: "http://s1.example",
      relay: null,
      key: "1",
      lease: "L",
      source: "a",
      profile: "primary",
      feed: "feed-1-0",
      session: expect.stringMatching(/^living-room\/1\/S\/\d{13}$/),
      viewer: null,
      yielded: null,
      ends: [],
      failing: false,
      at: expect.any(Number),
      skipped: [],
    })
    expect(await world.leases("a")).toEqual(["primary/1/L"])
    expect(await world.live("1")).toMatchObject({ lease: "L", source: "a", streamer: "s1", idleSince: null })
    const life = await world.lifeOf(keys.leases("a"), "primary/1/L")
    expect(life).toBeGreaterThan(leaseMilliseconds - 2000)
    expect(life).toBeLessThanOrEqual(leaseMilliseconds)
  })

  it("says when it was, by the store's own clock", async () => {
    await world.sources({ a: 1 })
    const before = await store.now()
    const { at } = await world.open("1", ["a"])
    expect(at).toBeGreaterThanOrEqual(before)
    expect(at).toBeLessThanOrEqual(await store.now())
  })

  it("takes the profile with the lowest priority number first, the primary before all", async () => {
    const login = { username: "u", password: "p", maxStreams: 1 }
    const profiles = [
      { ...login, id: "late", name: "late", priority: 9 },
      { ...login, id: "early", name: "early", priority: 1 },
      { ...login, id: "middle", name: "middle", priority: 5 },
    ]
    await world.sources({ a: { maxStreams: 1, profiles } })
    const order = []
    for (const channel of ["1", "2", "3", "4"]) order.push((await world.open(channel, ["a"])).profile)
    expect(order).toEqual(["primary", "early", "middle", "late"])
    expect(await world.ask("5", ["a"])).toMatchObject(full)
  })

  it("tells profiles apart whose names begin alike", async () => {
    const login = { name: "x", username: "u", password: "p", maxStreams: 1 }
    const profiles = [
      { ...login, id: "p", priority: 1 },
      { ...login, id: "p1", priority: 2 },
    ]
    await world.sources({ a: { maxStreams: 1, profiles } })
    const order = []
    for (const channel of ["1", "2", "3"]) order.push((await world.open(channel, ["a"])).profile)
    expect(order).toEqual(["primary", "p", "p1"])
  })

  it("tries the channel's next feed when every profile of a source is full, whatever its source", async () => {
    await world.sources({ a: 1, b: 1 })
    await world.open("1", ["a"])
    expect(await world.open("2", ["a", "a", "b"])).toMatchObject({ source: "b", feed: "feed-2-2" })
    expect(await world.ask("3", ["a", "b"])).toMatchObject(full)
    expect(await world.ask("3", [])).toMatchObject({ code: "no_capacity", reasons: [] })
  })

  it("passes by a source that is disabled or unknown, and a profile that is disabled", async () => {
    const spare = { id: "spare", name: "spare", username: "u", password: "p" }
    await world.sources({
      off: { enabled: false },
      a: { maxStreams: 1, profiles: [{ ...spare, enabled: false }] },
    })
    expect(await world.open("1", ["off", "gone", "a"])).toMatchObject({
      source: "a",
      profile: "primary",
      skipped: [
        { source: "off", profile: "primary", reason: "disabled" },
        { source: "a", profile: "spare", reason: "disabled" },
      ],
    })
    expect(await world.ask("2", ["off", "gone", "a"])).toMatchObject({
      code: "no_capacity",
      reasons: ["disabled", "full"],
      skipped: [
        { source: "off", profile: "primary", reason: "disabled" },
        { source: "a", profile: "spare", reason: "disabled" },
        { source: "a", profile: "primary", reason: "full" },
      ],
    })
  })
})

describe("a feed's address", () => {
  const xtream: Locator = { kind: "xtream", streamId: "7", extension: "ts" }
  const onServer: Locator = { kind: "url", template: "{server}/{username}/{password}/7" }
  const elsewhere: Locator = { kind: "url", template: "http://cdn.example/{username}/{password}/7" }
  const withoutLogin: Locator = { kind: "url", template: "http://cdn.example/7" }

  const login = { username: "u2", password: "p2", maxStreams: 1 }
  const same = { ...login, id: "same", name: "Same server", priority: 1 }
  const other = { ...login, id: "other", name: "Other server", priority: 2, url: "http://other.example" }

  const opened = async (locator: Locator) => {
    const order = []
    for (const channel of ["1", "2", "3"]) {
      const admission = await world.ask(channel, ["a"], { locator })
      order.push("profile" in admission ? admission.profile : admission)
    }
    return order
  }
  const refused = (...profiles: string[]) => ({
    code: "no_capacity",
    reasons: ["full", "not_rebuildable"],
    skipped: expect.arrayContaining(
      profiles.map((profile) => ({ source: "a", profile, reason: "not_rebuildable" })),
    ),
  })

  beforeEach(() => world.sources({ a: { maxStreams: 1, profiles: [same, other] } }))

  it.each([
    ["an Xtream stream", xtream],
    ["an address on the account's server", onServer],
  ])("is made for every profile: %s", async (_, locator) => {
    expect(await opened(locator)).toEqual(["primary", "same", "other"])
  })

  it("is not made for a profile on another server when it is not on the account's", async () => {
    expect(await opened(elsewhere)).toEqual(["primary", "same", expect.objectContaining(refused("other"))])
  })

  it("without credentials is the primary profile's only", async () => {
    const nothing = expect.objectContaining(refused("same", "other"))
    expect(await opened(withoutLogin)).toEqual(["primary", nothing, nothing])
  })

  it("with credentials is not made for a primary profile without a login", async () => {
    const noLogin = { username: undefined, password: undefined }
    await world.sources({ a: { ...noLogin, maxStreams: 1, profiles: [same] } })
    expect(await world.open("1", ["a"], { locator: onServer })).toMatchObject({
      profile: "same",
      skipped: [{ source: "a", profile: "primary", reason: "not_rebuildable" }],
    })
    expect(await world.open("2", ["a"], { locator: withoutLogin })).toMatchObject({ profile: "primary" })
  })

  it("of the next feed may be made for a profile of which that of the first cannot", async () => {
    await world.open("busy", ["a"], { locator: withoutLogin })
    const request = await world.request("1", ["a", "a"], { locator: withoutLogin })
    const [first, second] = request.channel.feeds
    if (first === undefined || second === undefined) throw new Error("two feeds were asked for")
    const channel = { ...request.channel, feeds: [first, { ...second, locator: xtream }] }
    expect(await world.open("1", ["a"], { channel })).toMatchObject({ profile: "same", feed: "feed-1-1" })
  })
})
