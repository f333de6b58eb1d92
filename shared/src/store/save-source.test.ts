import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest"
import { sourcePatchSchema, sourceSchema, unnamedSourceSchema } from "../config/source-config.ts"
import { openTestStore, type TestStore } from "../lease/test-store.ts"
import { deriveKeys } from "../secrets/keys.ts"
import { changeProfile } from "./change-profile.ts"
import { changeSource } from "./change-source.ts"
import { keys } from "./keys.ts"
import { orderSources } from "./order-sources.ts"
import { removeSource } from "./remove-source.ts"
import { saveSources } from "./save-config.ts"
import { addSource, saveSource } from "./save-source.ts"
import { readSource } from "./source-record.ts"
import type { SourceStore } from "./source-store.ts"
import { sentTwice, testSourceStore } from "./test-source-store.ts"

const secretKeys = await deriveKeys("a secret of an installation, long enough")
const later = 9e12
let store: TestStore
let sources: SourceStore

beforeAll(async () => {
  store = await openTestStore()
  sources = testSourceStore(store.redis, secretKeys)
})
afterAll(() => store.close())

// As it is some time after the start: everything was imported and reported.
beforeEach(async () => {
  const { redis } = store
  await redis.flushall()
  const login = { username: "ann", password: "first" }
  const profiles = [{ id: "b", name: "Backup", username: "bob", password: "second" }]
  const configured = ["acme", "other", "third"].map((id, index) =>
    sourceSchema.parse({ id, type: "xtream", url: `http://${id}.example`, order: index, ...login, profiles }),
  )
  await saveSources(redis, secretKeys, configured, "file", { replace: true })
  for (const id of ["acme", "other", "third"]) {
    await redis.hset(keys.reports(id), { primary: "{}", b: "{}" })
    await redis.hset(keys.importsStatus, { [id]: "{}", [`guide:${id}`]: "{}" })
    await redis.hset(keys.importsAccept, { [id]: "1" })
    for (const member of [id, `guide:${id}`]) await redis.zadd(keys.importsDue, { score: later, member })
    for (const profile of ["primary", "b"])
      await redis.zadd(keys.profilesDue, { score: later, member: `${id}/${profile}` })
  }
  await redis.zadd(keys.importsDue, { score: later, member: "*" })
})

const patch = (change: object, { id = "acme", at = sources } = {}) =>
  saveSource(at, id, (source) => changeSource(source, sourcePatchSchema.parse(change)))
const add = (config: object, at = sources) =>
  addSource(at, unnamedSourceSchema.parse({ type: "m3u", url: "http://new.example/a.m3u", ...config }))
const stored = async (id = "acme") => readSource(secretKeys, (await sources.read(id)) ?? "")
const version = async () => Number(await store.redis.get(keys.configVersion))
/** Members of a sorted set that are due now. */
const dueNow = async (key: string) =>
  new Set(await store.redis.zrange<string[]>(key, 0, 0, { byScore: true }))
/** Runs `meanwhile` between what a change reads and what it writes, once. */
function interrupted(meanwhile: () => Promise<unknown>): SourceStore {
  let isFirst = true
  return {
    ...sources,
    run: async (...call) => {
      if (isFirst) {
        isFirst = false
        await meanwhile()
      }
      return sources.run(...call)
    },
  }
}

describe("a source that is changed", () => {
  it("is in force at once, with what follows of it", async () => {
    const before = await version()
    expect(await patch({ url: "http://new.example", order: 9 })).toMatchObject({
      ok: true,
      jobs: ["acme", "*"],
    })
    expect(await version()).toBe(before + 1)
    expect((await stored()).secret.url).toBe("http://new.example")
    expect(await dueNow(keys.importsDue)).toEqual(new Set(["acme", "*"]))
    expect(await dueNow(keys.profilesDue)).toEqual(new Set(["acme/primary", "acme/b"]))
    expect(await store.redis.exists(keys.reports("acme"))).toBe(0)
    expect(await store.redis.exists(keys.reports("other"))).toBe(1)
  })

  it("stays as it was when nothing is different, or it is refused", async () => {
    const before = await store.dump()
    const same = { url: "http://acme.example", password: "first", order: 0, epgUrl: null, live: true }
    expect(await patch(same)).toMatchObject({ ok: true, jobs: [] })
    expect(await patch({ password: null })).toMatchObject({ ok: false, code: "bad_request" })
    expect(await patch({ name: "x" }, { id: "constructor" })).toEqual({ ok: false, code: "unknown_source" })
    expect(await store.dump()).toEqual(before)
  })

  it("is the same in whatever order its logins came to it", async () => {
    await add({ id: "own", profiles: [{ id: "b", name: "B", username: "bob", password: "second" }] })
    await saveSource(sources, "own", (source) =>
      changeProfile(source, "primary", { username: "ann", password: "first" }),
    )
    const before = await store.dump()
    expect(await patch({ password: "first" }, { id: "own" })).toMatchObject({ ok: true, jobs: [] })
    expect(await store.dump()).toEqual(before)
  })

  it("loses nothing of what others change at the same time", async () => {
    const answers = await Promise.all([
      patch({ name: "New" }),
      patch({ password: "new" }),
      patch({ maxStreams: 7 }),
      orderSources(sources, ["third", "other", "acme"]),
    ])
    expect(answers.map(({ ok }) => ok)).toEqual([true, true, true, true])
    const { record, secret } = await stored()
    expect(record).toMatchObject({ name: "New", order: 3, profiles: [{ maxStreams: 7 }, {}] })
    expect(secret.logins.primary?.password).toBe("new")
  })
})

describe("a source that is added", () => {
  it("is imported, and its accounts are asked about", async () => {
    const before = await version()
    const login = { username: "eve", password: "p" }
    const added = await add({ name: "New", ...login, profiles: [{ ...login, id: "x", name: "X" }] })
    expect(added).toMatchObject({ ok: true, source: { record: { id: "new", order: 3 } }, jobs: ["new"] })
    expect(await version()).toBe(before + 1)
    expect(await dueNow(keys.importsDue)).toEqual(new Set(["new"]))
    expect(await dueNow(keys.profilesDue)).toEqual(new Set(["new/primary", "new/x"]))
    expect(JSON.stringify(await store.dump())).not.toMatch(/eve|new\.example/)
  })

  it("takes nobody's place: others that come at once get ids of their own", async () => {
    const added = await Promise.all([add({ name: "New" }), add({ name: "New" }), add({ name: "New" })])
    expect(added.map(({ ok }) => ok)).toEqual([true, true, true])
    expect((await sources.readAll()).size).toBe(6)
    const both = await Promise.all([add({ id: "own" }), add({ id: "own" })])
    expect(both.filter(({ ok }) => ok)).toHaveLength(1)
    const before = await store.dump()
    expect(await add({ id: "acme" })).toMatchObject({ ok: false, message: 'id: "acme" is a duplicate' })
    expect(await store.dump()).toEqual(before)
  })

  it("is added once when the request is repeated", async () => {
    const before = await version()
    expect(await add({ name: "New" }, sentTwice(sources))).toMatchObject({ ok: true })
    expect([await version(), (await sources.readAll()).size]).toEqual([before + 1, 4])
  })
})

describe("a source that is removed", () => {
  it("leaves nothing behind, and a snapshot without it is due", async () => {
    const before = await version()
    expect(await removeSource(sentTwice(sources), "acme")).toEqual({ ok: true })
    expect(await version()).toBe(before + 1)
    expect(await dueNow(keys.importsDue)).toEqual(new Set(["*"]))
    const rest = JSON.stringify(await store.dump())
    expect(rest).not.toContain("acme")
    for (const id of ["other", "third"]) expect(rest.split(`"${id}"`).length).toBeGreaterThan(3)
    expect(await removeSource(sources, "acme")).toEqual({ ok: false, code: "unknown_source" })
  })

  it("goes as it is then, when it is changed meanwhile", async () => {
    const profile = { id: "c", name: "C", primary: false, maxStreams: null, priority: 1, enabled: true }
    const at = interrupted(async () => {
      await saveSource(sources, "acme", ({ record, secret }) => ({
        ok: true,
        source: {
          record: {
            ...record,
            profiles: [...record.profiles, { ...profile, hasLogin: true, ownServer: false }],
          },
          secret: { ...secret, logins: { ...secret.logins, c: { url: null, username: "u", password: "p" } } },
        },
      }))
    })
    expect(await removeSource(at, "acme")).toEqual({ ok: true })
    expect(JSON.stringify(await store.dump())).not.toContain("acme")
  })
})

describe("the order of sources", () => {
  const orders = async () =>
    Object.fromEntries([...(await sources.readAll())].map(([id, text]) => [id, JSON.parse(text).order]))

  it("changes as a whole, with one new snapshot", async () => {
    const before = await version()
    expect(await orderSources(sentTwice(sources), ["third", "acme", "other"])).toEqual({
      ...{ ok: true, isChanged: true },
    })
    expect(await orders()).toEqual({ third: 1, acme: 2, other: 3 })
    expect(await version()).toBe(before + 1)
    expect(await dueNow(keys.importsDue)).toEqual(new Set(["*"]))
    expect(await dueNow(keys.profilesDue)).toEqual(new Set())
    expect((await stored("third")).secret.logins.primary?.password).toBe("first")
  })

  it("is refused when it is not of all sources, and when nothing is different nothing is saved", async () => {
    await orderSources(sources, ["acme", "other", "third"])
    const before = await store.dump()
    const refusal = async (ids: string[]) => {
      const ordered = await orderSources(sources, ids)
      return "message" in ordered ? [ordered.code, ordered.message] : ordered
    }
    expect(await refusal(["acme", "none"])).toEqual(["bad_request", 'ids[1]: there is no source "none"'])
    expect(await refusal(["acme", "other", "acme"])).toEqual(["bad_request", 'ids[2]: "acme" is a duplicate'])
    expect(await refusal(["acme", "third"])).toEqual(["conflict", 'ids: "other" is missing'])
    expect(await refusal(["acme", "other", "third"])).toEqual({ ok: true, isChanged: false })
    expect(await store.dump()).toEqual(before)
  })

  it("is not written over what others did meanwhile", async () => {
    const renamed = interrupted(() => patch({ name: "New" }, { id: "other" }))
    expect(await orderSources(renamed, ["third", "acme", "other"])).toMatchObject({ ok: true })
    expect((await stored("other")).record).toMatchObject({ name: "New", order: 3 })
    const added = interrupted(() => add({ id: "own" }))
    expect(await orderSources(added, ["acme", "other", "third"])).toMatchObject({
      ...{ ok: false, code: "conflict", message: 'ids: "own" is missing' },
    })
    expect(await orders()).toMatchObject({ third: 1, acme: 2, other: 3 })
  })
})
