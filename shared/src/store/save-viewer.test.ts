import { beforeEach, describe, expect, it } from "vitest"
import { store, useTestWorld, world } from "../lease/test-lease.ts"
import { keys } from "./keys.ts"
import type { ViewerRecord } from "./records.ts"
import { replaceSettings } from "./save-config.ts"
import { readViewer, saveViewer } from "./save-viewer.ts"

useTestWorld()

beforeEach(async () => {
  await replaceSettings(store.redis, {})
  await world.sources({ a: null })
  await world.viewers({ username: "ann" }, { username: "bob" })
})

const version = async () => Number(await store.redis.get(keys.configVersion))
const put = (change: Partial<ViewerRecord> | null) =>
  saveViewer(store.redis, store.run, "ann", (stored) => ({
    ok: true,
    record: change === null || stored === null ? null : { ...stored, ...change },
  }))

describe("a change of a viewer", () => {
  it("is in force at once, raises the version, and leaves the others as they are", async () => {
    const before = await version()
    const bob = await readViewer(store.redis, "bob")
    expect(await put({ maxStreams: 3 })).toMatchObject({ ok: true, record: { maxStreams: 3 } })
    expect(await readViewer(store.redis, "ann")).toMatchObject({ maxStreams: 3 })
    expect(await readViewer(store.redis, "bob")).toEqual(bob)
    expect(await version()).toBe(before + 1)
  })

  it("that changes nothing raises no version", async () => {
    const before = await version()
    expect(await put({})).toMatchObject({ ok: true })
    expect(await version()).toBe(before)
  })

  it("is decided again by what another one has made of them meanwhile", async () => {
    const changes: Partial<ViewerRecord>[] = [
      { maxStreams: 1 },
      { whenFull: "replace" },
      { groups: ["News"] },
    ]
    let decided = 0
    await Promise.all(
      changes.map((change) =>
        saveViewer(store.redis, store.runApart, "ann", (stored) => {
          if (stored === null) throw new Error("no viewer")
          decided++
          return { ok: true, record: { ...stored, ...change } }
        }),
      ),
    )
    expect(decided).toBeGreaterThan(changes.length)
    expect(await readViewer(store.redis, "ann")).toMatchObject(Object.assign({}, ...changes))
  })

  it("gives up when others change them all the time", async () => {
    let round = 0
    const saved = await saveViewer(
      store.redis,
      async (...call) => {
        await store.redis.hset(keys.viewers, { ann: JSON.stringify({ round: ++round }) })
        return store.run(...call)
      },
      "ann",
      () => ({ ok: true, record: null }),
    )
    expect(saved).toEqual({ ok: false, code: "busy" })
    expect(await readViewer(store.redis, "ann")).toEqual({ round })
  })

  it.each([
    ["deletes", null, false],
    ["disables", { enabled: false }, false],
    ["lets expire", { expiresAt: 1_000 }, false],
    ["gives another password to", { check: "other" }, false],
    ["limits", { maxStreams: 1, groups: ["News"], expiresAt: 4e12 }, true],
  ])("that %s a viewer ends their sessions, or does not: %j", async (_, change, goesOn) => {
    const ann = await world.open("1", ["a"], { as: "ann", address: "tv" })
    const phone = await world.open("1", ["a"], { as: "ann", address: "phone" })
    const bob = await world.open("1", ["a"], { as: "bob" })
    await world.watching("1", [ann, phone, bob])
    await put(change)
    const sessions = [ann, phone, bob].map(({ session, viewer }) => ({
      viewer: viewer ?? "",
      member: session,
    }))
    const { lostSessions } = await world.beat("s1", { sessions })
    expect(lostSessions).toEqual(goesOn ? [] : [ann.session, phone.session])
    const watching = Object.keys((await world.live("1"))?.watchers ?? {})
    expect(new Set(watching)).toEqual(
      new Set(goesOn ? [ann.session, phone.session, bob.session] : [bob.session]),
    )
  })

  it("that ends sessions keeps their tickets out, whatever comes of the viewer later", async () => {
    const { session } = await world.open("1", ["a"], { as: "ann" })
    await put({ enabled: false })
    await put({ enabled: true })
    const viewer = { username: "ann", check: "trusted" as const }
    expect(await world.ask("1", ["a"], { viewer, resumes: session })).toEqual({
      ...{ code: "forbidden", reason: "ended" },
    })
    expect(await world.ask("1", ["a"], { as: "ann" })).toMatchObject({ code: "join" })
  })
})
