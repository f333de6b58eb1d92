import { beforeEach, describe, expect, it } from "vitest"
import { keys } from "../store/keys.ts"
import { leave } from "./end.ts"
import { store, useTestWorld, world } from "./test-lease.ts"
import { leaseMilliseconds, probeMilliseconds } from "./times.ts"

useTestWorld()

describe("a player's probe", () => {
  beforeEach(async () => {
    await world.sources({ a: null })
    await world.viewers({ username: "ann", maxStreams: 1 })
  })

  it("for the same channel from the same address within seconds is the same session", async () => {
    const first = await world.open("1", ["a"], { as: "ann" })
    await world.bornEarlier("ann", probeMilliseconds - 3000)
    const [known] = await world.sessions("ann")
    const second = await world.open("1", ["a"], { as: "ann" })
    expect(second.session).toBe(known)
    expect(second.session.split("/")[2]).toBe(first.session.split("/")[2])
    expect(await world.sessions("ann")).toHaveLength(1)
  })

  it("keeps its session alive", async () => {
    const { session } = await world.open("1", ["a"], { as: "ann" })
    await store.redis.zadd(keys.sessions("ann"), { score: (await store.now()) + 500, member: session })
    await world.open("1", ["a"], { as: "ann" })
    expect(await world.lifeOf(keys.sessions("ann"), session)).toBeGreaterThan(leaseMilliseconds - 2000)
  })

  it("may come from anywhere and at any time when it names its session, as an old ticket does", async () => {
    const { session } = await world.open("1", ["a"], { as: "ann", session: "known" })
    await world.bornEarlier("ann", 3_600_000)
    const again = await world.open("1", ["a"], { as: "ann", session: "known", address: "kitchen" })
    expect(again.session.split("/").slice(0, 3)).toEqual(session.split("/").slice(0, 3))
    expect(await world.sessions("ann")).toEqual([again.session])
  })

  it.each([
    ["another channel", "2", "living-room", 0],
    ["another address", "1", "kitchen", 0],
    ["the same place, much later", "1", "living-room", probeMilliseconds + 1],
  ])("is another session from %s", async (_, channel, address, later) => {
    await world.open("1", ["a"], { as: "ann" })
    await world.bornEarlier("ann", later)
    expect(await world.ask(channel, ["a"], { as: "ann", address })).toMatchObject({ code: "viewer_limit" })
  })
})

describe("a player's probe without a login", () => {
  beforeEach(() => world.sources({ a: null }))

  /** Lets all sessions of a stream have begun so much earlier. */
  const bornEarlier = (milliseconds: number) =>
    world.changeLive("1", ({ watchers }) => ({
      watchers: Object.fromEntries(
        Object.entries(watchers).map(([session, watcher]) => {
          const parts = session.split("/")
          const born = Number(parts.pop()) - milliseconds
          return [[...parts, born].join("/"), watcher]
        }),
      ),
    }))
  const watchersOf = async () => Object.keys((await world.live("1"))?.watchers ?? {})

  it("is the same session, as long as the stream knows who watches it", async () => {
    await world.open("1", ["a"])
    await bornEarlier(probeMilliseconds - 3000)
    const [known] = await watchersOf()
    expect(await world.open("1", ["a"])).toMatchObject({ code: "join", session: known })
    expect(await watchersOf()).toEqual([known])
  })

  it("is the same session at any time when it names it", async () => {
    await world.open("1", ["a"], { session: "known" })
    await bornEarlier(3_600_000)
    const [known] = await watchersOf()
    expect(await world.open("1", ["a"], { session: "known", address: "kitchen" })).toMatchObject({
      session: known,
    })
  })

  it.each([
    ["from another address", "kitchen", 0],
    ["much later", "living-room", probeMilliseconds + 1],
  ])("is another session %s", async (_, address, later) => {
    await world.open("1", ["a"])
    await bornEarlier(later)
    await world.open("1", ["a"], { address })
    expect(await watchersOf()).toHaveLength(2)
  })

  it("is not the session of a viewer with a login", async () => {
    await world.viewers({ username: "ann" })
    const { session } = await world.open("1", ["a"], { as: "ann" })
    expect((await world.open("1", ["a"])).session).not.toBe(session)
  })
})

describe("a session with an odd id", () => {
  it.each(["%d+", "a.b", "ünï/cödé", '"quoted"\\', "-", "x".repeat(300)])(
    "%j is known again, and ends",
    async (session) => {
      await world.sources({ a: 1 })
      await world.viewers({ username: "ann" })
      for (const as of ["ann", undefined]) {
        const options = as === undefined ? { session } : { session, as }
        const first = await world.open("1", ["a"], options)
        if (!session.includes("/"))
          expect(await world.open("1", ["a"], { ...options, address: "elsewhere" })).toMatchObject({
            session: first.session,
          })
        const { lease, viewer, streamer } = first
        const watchers = { sessions: {}, crowd: null }
        const leaving = { streamer, viewer, member: first.session, key: "1", lease, watchers }
        expect(await leave(store.run, leaving)).toBe("ok")
        expect(await world.sessions("ann")).toEqual([])
        expect(await world.audience("1")).toEqual({ watchers: {}, crowds: {}, isIdle: true })
      }
    },
  )

  it("that looks like a lease's parts does not disturb them", async () => {
    await world.sources({ a: 2 })
    const odd = await world.open("1", ["a"], { lease: "%w+.-[", session: "primary/1/x", address: "" })
    expect(await world.leases("a")).toEqual(["primary/1/%w+.-["])
    await world.goIdle("1")
    await world.open("2", ["a"])
    expect(await world.open("3", ["a"])).toMatchObject({ yielded: odd.lease })
  })
})
