import { beforeEach, describe, expect, it } from "vitest"
import { keys } from "../store/keys.ts"
import { replaceSettings } from "../store/save-config.ts"
import { store, useTestWorld, world } from "./test-lease.ts"
import { endedMilliseconds, endSession, listSessions, parseSession } from "./viewer-sessions.ts"

useTestWorld()

beforeEach(async () => {
  await replaceSettings(store.redis, {})
  await world.sources({ a: null })
  await world.viewers({ username: "ann" }, { username: "bob" })
})

const resume = (session: string, as = "ann") =>
  world.ask("1", ["a"], {
    viewer: { username: as, check: "trusted" },
    resumes: session,
    session: session.split("/")[2] ?? "",
    address: session.split("/")[0] ?? "",
  })
const ended = { code: "forbidden", reason: "ended" }

describe("the sessions of viewers", () => {
  it("are listed for each in one call, without those that ran out", async () => {
    const first = await world.open("1", ["a"], { as: "ann" })
    const second = await world.open("2", ["a"], { as: "ann" })
    const lapsed = await world.open("1", ["a"], { as: "bob" })
    await world.expire(keys.sessions("bob"))
    // The script is known from now on.
    await listSessions(store.run, ["ann"])
    store.gateway.resetStats()
    const [bob, ann, nobody] = await listSessions(store.run, ["bob", "ann", "nobody"])
    expect(store.gateway.stats().requests).toBe(1)
    expect([bob, nobody]).toEqual([[], []])
    expect(new Set(ann)).toEqual(new Set([first.session, second.session]))
    expect(lapsed.session).not.toBe("")
    expect(await listSessions(store.run, [])).toEqual([])
  })

  it("are read from their members, and nothing else is", () => {
    expect(parseSession("ab12/catchup.7/s-1/1700000000000")).toEqual({
      ...{ address: "ab12", channel: "catchup.7", session: "s-1", born: 1_700_000_000_000 },
    })
    for (const text of ["", "a/b/c", "a/b/c/d", "a/b/c/1/2", "a//c/1", "a/b/c/1e3"])
      expect(parseSession(text), text).toBeNull()
  })
})

describe("a session that the admin ends", () => {
  it("is gone from the viewer's list and from its stream, and its streamer is told", async () => {
    const ann = await world.open("1", ["a"], { as: "ann" })
    const bob = await world.open("1", ["a"], { as: "bob" })
    await world.watching("1", [ann, bob])
    expect(await endSession(store.run, "ann", ann.session)).toBe(true)
    expect([await world.sessions("ann"), await world.sessions("bob")]).toEqual([[], [bob.session]])
    expect(Object.keys((await world.live("1"))?.watchers ?? {})).toEqual([bob.session])
    const sessions = [
      { viewer: "ann", member: ann.session },
      { viewer: "bob", member: bob.session },
    ]
    expect(await world.beat("s1", { sessions })).toMatchObject({ lostSessions: [ann.session] })
  })

  it("lets its stream's connection go to whoever needs it, when nobody else watches", async () => {
    await world.sources({ a: 1 })
    const ann = await world.open("1", ["a"], { as: "ann" })
    await world.watching("1", [ann])
    await endSession(store.run, "ann", ann.session)
    expect(await world.ask("2", ["a"], { as: "bob" })).toMatchObject({ code: "open", yielded: ann.lease })
  })

  it("is not taken up again with its ticket, nor with that of the session that it went on from", async () => {
    const first = await world.open("1", ["a"], { as: "ann", session: "S" })
    await store.redis.zrem(keys.sessions("ann"), first.session)
    await world.bornEarlier("ann", 0)
    const again = await resume(first.session)
    expect(again).toMatchObject({ code: "join" })
    const session = "session" in again ? again.session : ""
    await endSession(store.run, "ann", session)
    expect([await resume(session), await resume(first.session)]).toEqual([ended, ended])
    expect(await world.sessions("ann")).toEqual([])
  })

  it("keeps nobody out who clicks again, though it has the same name", async () => {
    const owner = { as: "ann", owner: "ann/tv", session: "O" }
    const film = await world.open("1", ["a"], owner)
    await endSession(store.run, "ann", film.session)
    // As if that had been right after it began: both happen within a millisecond here.
    const [name = "", born = ""] = film.session.split(/\/(?=\d+$)/)
    await store.redis.zadd(keys.endedSessions("ann"), { score: Number(born), member: name })
    while ((await store.now()) <= Number(born));
    const next = await world.open("1", ["a"], owner)
    expect(await resume(next.session)).toMatchObject({ code: "open" })
    expect(await resume(film.session)).toEqual(ended)
  })

  it("says nothing of other viewers', and of other sessions of the same one", async () => {
    const ann = await world.open("1", ["a"], { as: "ann" })
    const other = await world.open("2", ["a"], { as: "ann" })
    await endSession(store.run, "ann", ann.session)
    expect(await resume(ann.session, "bob")).toMatchObject({ code: "join" })
    expect(await resume(other.session)).toMatchObject({ code: "join" })
  })

  it("is the same when it is asked for twice; what is not there is not ended", async () => {
    const { session } = await world.open("1", ["a"], { as: "ann" })
    expect(await endSession(store.run, "ann", session)).toBe(true)
    expect(await endSession(store.run, "ann", session)).toBe(true)
    expect(await endSession(store.run, "bob", session)).toBe(false)
    expect(await endSession(store.run, "ann", "a/b/c/1")).toBe(false)
  })

  it("is remembered for as long as its ticket lasts, and no longer", async () => {
    const first = await world.open("1", ["a"], { as: "ann" })
    await endSession(store.run, "ann", first.session)
    const life = await store.redis.pttl(keys.endedSessions("ann"))
    expect(endedMilliseconds - life).toBeLessThan(5_000)
    const long = (await store.now()) - endedMilliseconds - 1_000
    await store.redis.zadd(keys.endedSessions("ann"), { score: long, member: "long/ago/gone" })
    const second = await world.open("2", ["a"], { as: "ann" })
    await endSession(store.run, "ann", second.session)
    expect(await store.redis.zcard(keys.endedSessions("ann"))).toBe(2)
  })
})
