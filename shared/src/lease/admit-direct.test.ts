import { beforeEach, describe, expect, it } from "vitest"
import { replaceSettings } from "../store/save-config.ts"
import { store, useTestWorld, world } from "./test-lease.ts"

useTestWorld()

beforeEach(() => replaceSettings(store.redis, { publicPlaylist: true, streamMode: "direct" }))

describe("where each viewer has a connection of their own", () => {
  it("opens a second connection for a second viewer of the same channel", async () => {
    await world.sources({ a: 2 })
    const first = await world.open("1", ["a"], { session: "one" })
    const second = await world.open("1", ["a"], { session: "two", address: "attic" })
    expect([first, second]).toMatchObject([
      { code: "open", key: "1~one" },
      { code: "open", key: "1~two" },
    ])
    expect(await world.leases("a")).toHaveLength(2)
    expect(await world.ask("1", ["a"], { address: "cellar" })).toMatchObject({ code: "no_capacity" })
  })

  it("joins the other connections of one session, as players make them", async () => {
    await world.sources({ a: 1 })
    await world.viewers({ username: "ann" })
    const first = await world.open("1", ["a"], { as: "ann", session: "one" })
    const probe = await world.open("1", ["a"], { as: "ann", session: "two" })
    expect(probe).toMatchObject({ code: "join", key: "1~one", session: first.session })
  })

  it("lets a viewer zap on their one connection", async () => {
    await world.sources({ a: 1 })
    await world.viewers({ username: "ann" })
    const first = await world.open("1", ["a"], { as: "ann" })
    const second = await world.open("2", ["a"], { as: "ann" })
    expect(second).toMatchObject({ code: "open", yielded: first.lease, ends: [first.session] })
    expect(await world.leases("a")).toHaveLength(1)
  })

  it("frees the connection of a session that is replaced", async () => {
    await world.sources({ a: 2 })
    await world.viewers({ username: "ann", maxStreams: 1, whenFull: "replace" })
    const first = await world.open("1", ["a"], { as: "ann" })
    const second = await world.open("2", ["a"], { as: "ann", address: "attic" })
    expect(second.ends).toEqual([first.session])
    expect(await world.audience(first.key)).toMatchObject({ watchers: {}, isIdle: true })
  })

  it("answers a repeated request as before", async () => {
    await world.sources({ a: 2 })
    const request = await world.request("1", ["a"])
    const ask = () => world.ask("1", ["a"], request)
    expect(await ask()).toMatchObject({ code: "open" })
    expect(await ask()).toMatchObject({ code: "open", lease: request.lease })
    expect(await world.leases("a")).toHaveLength(1)
  })
})
