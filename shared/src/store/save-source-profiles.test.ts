import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest"
import { type ProfilePatch, profileSchema, sourceSchema } from "../config/config-file.ts"
import { openTestStore, type TestStore } from "../lease/test-store.ts"
import { deriveKeys } from "../secrets/keys.ts"
import { addProfile, changeProfile, removeProfile } from "./change-profile.ts"
import { keys } from "./keys.ts"
import { saveSources } from "./save-config.ts"
import { saveSource } from "./save-source.ts"
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
  const backup = { id: "b", name: "Backup", username: "bob", password: "second" }
  const own = { ...backup, id: "own", url: "http://own.example" }
  const acme = { id: "acme", type: "xtream", url: "http://acme.example", username: "ann", password: "first" }
  await saveSources(
    redis,
    secretKeys,
    [
      sourceSchema.parse({ ...acme, profiles: [backup, own] }),
      sourceSchema.parse({ id: "list", type: "m3u", url: "http://list.example/a.m3u" }),
    ],
    "file",
    { replace: true },
  )
  for (const profile of ["primary", "b", "own"]) {
    await redis.hset(keys.reports("acme"), { [profile]: "{}" })
    await redis.zadd(keys.profilesDue, { score: later, member: `acme/${profile}` })
  }
  await redis.zadd(keys.importsDue, { score: later, member: "acme" }, { score: later, member: "list" })
})

const patch = (id: string, change: ProfilePatch, source = "acme") =>
  saveSource(sources, source, (stored) => changeProfile(stored, id, change))
const add = (id: string) =>
  saveSource(sources, "acme", (stored) =>
    addProfile(stored, profileSchema.parse({ id, name: id, username: `u-${id}`, password: `p-${id}` })),
  )
const remove = (id: string) => saveSource(sources, "acme", (stored) => removeProfile(stored, id))
const stored = async () => readSource(secretKeys, (await sources.read("acme")) ?? "")
const version = async () => Number(await store.redis.get(keys.configVersion))
const reported = async () => new Set(await store.redis.hkeys(keys.reports("acme")))
const dueOf = async (key: string, member: string) => {
  const score = await store.redis.zscore(key, member)
  return score === null ? null : Number(score)
}
const due = async (...ids: string[]) =>
  Promise.all(ids.map((id) => dueOf(keys.profilesDue, id.includes("/") ? id : `acme/${id}`)))

describe("a saved profile", () => {
  it("is in force for all: the version rises by one with each", async () => {
    const before = await version()
    expect(await add("c")).toMatchObject({ ok: true, profile: "c", jobs: [] })
    expect(await patch("c", { name: "C" })).toMatchObject({ ok: true })
    expect(await remove("b")).toMatchObject({ ok: true })
    expect(await version()).toBe(before + 3)
    const { record, secret } = await stored()
    expect(record.profiles.map(({ id, name }) => [id, name])).toEqual([
      ["primary", "Primary"],
      ["own", "Backup"],
      ["c", "C"],
    ])
    expect(new Set(Object.keys(secret.logins))).toEqual(new Set(["c", "own", "primary"]))
  })

  it("is nowhere in Redis with its login or an address", async () => {
    await add("c")
    await patch("own", { url: "http://new-host.example", username: "new-user", password: "new-password" })
    const everything = JSON.stringify(await store.dump())
    // So that the search would find them.
    expect(everything).toContain("Backup")
    expect(everything.match(/u-c|p-c|new-|second|http/g)).toBeNull()
  })

  it("is asked about at once when it is new", async () => {
    await add("c")
    expect(await due("primary", "b", "own", "c")).toEqual([later, later, later, 0])
    expect(await reported()).toEqual(new Set(["b", "own", "primary"]))
  })

  it.each<ProfilePatch>([{ username: "eve" }, { password: "new" }, { url: "http://new.example" }])(
    "is asked about anew with another login, and what was said of the old one is dropped: %j",
    async (change) => {
      await patch("own", change)
      expect(await due("primary", "b", "own")).toEqual([later, later, 0])
      expect(await reported()).toEqual(new Set(["b", "primary"]))
      expect(await dueOf(keys.importsDue, "acme")).toBe(later)
    },
  )

  it("keeps what was said of it when only its name, limit, priority or use change", async () => {
    const { sealed } = (await stored()).record
    await patch("b", { name: "B", maxStreams: 3, priority: 7, enabled: false, username: "bob" })
    expect(await due("primary", "b", "own")).toEqual([later, later, later])
    expect(await reported()).toEqual(new Set(["b", "own", "primary"]))
    const { record } = await stored()
    expect(record.sealed).toBe(sealed)
    expect(record.profiles[1]).toMatchObject({ name: "B", maxStreams: 3, priority: 7, enabled: false })
  })

  it("that goes is asked about no more, and what was said of it goes", async () => {
    await remove("b")
    expect(await due("primary", "b", "own")).toEqual([later, null, later])
    expect(await reported()).toEqual(new Set(["own", "primary"]))
  })

  it("that is the primary has its source read anew, and every profile on its server asked about", async () => {
    expect(await patch("primary", { password: "new" })).toMatchObject({ ok: true, jobs: ["acme"] })
    expect(await due("primary", "b", "own")).toEqual([0, later, later])
    expect(await dueOf(keys.importsDue, "acme")).toBe(0)
    expect(await dueOf(keys.importsDue, "list")).toBe(later)
    await patch("primary", { url: "http://new.example" })
    expect(await due("primary", "b", "own")).toEqual([0, 0, later])
    expect(await reported()).toEqual(new Set(["own"]))
  })

  it("without a login is not asked about when its list is another one", async () => {
    await patch("primary", { url: "http://list.example/b.m3u" }, "list")
    expect(await due("list/primary")).toEqual([null])
    expect(await dueOf(keys.importsDue, "list")).toBe(0)
    await patch("primary", { username: "ann", password: "first" }, "list")
    expect(await due("list/primary")).toEqual([0])
  })
})

describe("nothing is saved", () => {
  it("when nothing changes, is refused, or there is no such source", async () => {
    const before = await store.dump()
    expect(await patch("b", {})).toMatchObject({ ok: true, profile: "b", jobs: [] })
    expect(await patch("b", { password: "second", priority: 1 })).toMatchObject({ ok: true })
    expect(await patch("primary", { url: "http://acme.example" })).toMatchObject({
      ok: true,
      jobs: [],
    })
    expect(await add("b")).toMatchObject({ ok: false, code: "bad_request" })
    expect(await remove("none")).toMatchObject({ ok: false, code: "unknown_profile" })
    for (const id of ["none", "constructor"])
      expect(await patch("b", {}, id)).toEqual({ ok: false, code: "unknown_source" })
    expect(await store.dump()).toEqual(before)
  })

  it("when the source changes all the time", async () => {
    let changes = 100
    const read = async (id: string) => {
      const text = await sources.read(id)
      if (text !== null && ++changes <= 200)
        await store.redis.hset(keys.sources, {
          [id]: JSON.stringify({ ...JSON.parse(text), order: changes }),
        })
      return text
    }
    const change = saveSource({ ...sources, read }, "acme", (source) =>
      changeProfile(source, "b", { name: "B" }),
    )
    expect(await change).toEqual({ ok: false, code: "busy" })
    expect((await stored()).record.profiles[1]?.name).toBe("Backup")
  })

  it("of a source that went meanwhile", async () => {
    const read = async (id: string) => {
      const text = await sources.read(id)
      await saveSources(store.redis, secretKeys, [], "file", { replace: true })
      return text
    }
    const change = saveSource({ ...sources, read }, "acme", (source) =>
      changeProfile(source, "b", { password: "new" }),
    )
    expect(await change).toEqual({ ok: false, code: "unknown_source" })
    expect(await due("b")).toEqual([null])
    expect(await sources.read("acme")).toBeNull()
  })
})

describe("changes at the same time", () => {
  it("all take effect", async () => {
    const answers = await Promise.all([
      patch("b", { maxStreams: 3 }),
      patch("b", { password: "new" }),
      patch("own", { username: "eve" }),
      add("c"),
      add("d"),
    ])
    expect(answers.map(({ ok }) => ok)).toEqual([true, true, true, true, true])
    const { record, secret } = await stored()
    expect(new Set(record.profiles.map(({ id }) => id))).toEqual(new Set(["primary", "b", "own", "c", "d"]))
    expect(record.profiles.find(({ id }) => id === "b")).toMatchObject({ maxStreams: 3 })
    expect(secret.logins).toMatchObject({
      b: { password: "new" },
      own: { username: "eve", password: "second" },
      c: { username: "u-c" },
      d: { username: "u-d" },
    })
  })

  it("give one id to one profile only", async () => {
    const answers = await Promise.all([add("c"), add("c")])
    expect(answers.filter(({ ok }) => ok)).toHaveLength(1)
  })

  it("are made once when the request for one is repeated", async () => {
    const before = await version()
    const added = await saveSource(sentTwice(sources), "acme", (source) =>
      addProfile(source, profileSchema.parse({ id: "c", name: "C", username: "u", password: "p" })),
    )
    expect(added).toMatchObject({ ok: true, profile: "c" })
    expect(await version()).toBe(before + 1)
  })
})
