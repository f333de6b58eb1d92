import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest"
import { profileSchema, sourceSchema } from "../config/config-file.ts"
import { openTestStore, type TestStore } from "../lease/test-store.ts"
import { deriveKeys } from "../secrets/keys.ts"
import { addProfile } from "./change-profile.ts"
import { keys } from "./keys.ts"
import type { Origin } from "./records.ts"
import { saveSources } from "./save-config.ts"
import { readSource, sealSource } from "./source-record.ts"

const secretKeys = await deriveKeys("a secret of an installation, long enough")
let store: TestStore

beforeAll(async () => {
  store = await openTestStore()
})
afterAll(() => store.close())
beforeEach(async () => {
  await store.redis.flushall()
})

describe("profiles of a source that is saved again", () => {
  const backup = { name: "Backup", username: "u2", password: "p2" }
  const panel = (options: object = {}) =>
    sourceSchema.parse({
      ...{ id: "acme", url: "http://acme.example/x", type: "xtream", username: "u", password: "p" },
      ...{ profiles: [backup], ...options },
    })
  const save = (options: object = {}, origin: Origin = "file") =>
    saveSources(store.redis, secretKeys, [panel(options)], origin, { replace: true })
  const read = async () => {
    const text = await store.redis.hget<string>(keys.sources, "acme")
    return readSource(secretKeys, text ?? "")
  }
  const profileIds = async () => (await read()).record.profiles.map(({ id }) => id)
  const questions = async () => new Set(await store.redis.zrange<string[]>(keys.profilesDue, 0, -1))

  /** As the admin API adds them. */
  const add = async (id: string, url: string | null = null) => {
    const profile = profileSchema.parse({ id, url, name: id, username: `u-${id}`, password: `p-${id}` })
    const added = addProfile(await read(), profile)
    if (!added.ok) throw new Error(added.message)
    const record = await sealSource(secretKeys, added.source)
    await store.redis.hset(keys.sources, { acme: JSON.stringify(record) })
  }

  it("stay with their logins when the admin API made them, whatever the file names", async () => {
    await save()
    await add("made", "http://other.example")
    for (const [options, others] of [
      [{}, ["profile-1"]],
      [{ profiles: [] }, []],
      [{ profiles: [backup, { ...backup, id: "third" }] }, ["profile-1", "third"]],
    ] as const) {
      await save(options)
      expect(await profileIds()).toEqual(["primary", ...others, "made"])
      const { record, secret } = await read()
      expect(record.profiles.at(-1)).toEqual({
        ...{ id: "made", name: "made", primary: false, maxStreams: null, priority: 1, enabled: true },
        ...{ hasLogin: true, ownServer: true, madeByApi: true },
      })
      expect(secret.logins.made).toEqual({
        ...{ url: "http://other.example", username: "u-made", password: "p-made" },
      })
      expect(await questions()).toEqual(new Set(["primary", ...others, "made"].map((id) => `acme/${id}`)))
    }
  })

  it("stay too when the source is named elsewhere, and go with it", async () => {
    await save({}, "demo")
    await add("made")
    await save({}, "environment")
    expect(await profileIds()).toEqual(["primary", "profile-1", "made"])
    await saveSources(store.redis, secretKeys, [], "environment", { replace: true })
    expect(await store.redis.hkeys(keys.sources)).toEqual([])
    await save()
    expect(await profileIds()).toEqual(["primary", "profile-1"])
  })

  it("are the file's when it names one with the same id", async () => {
    await save()
    await add("made")
    await save({ profiles: [{ ...backup, id: "made" }] })
    const { record, secret } = await read()
    expect(record.profiles).toHaveLength(2)
    expect(record.profiles[1]).not.toHaveProperty("madeByApi")
    expect(secret.logins.made).toMatchObject({ username: "u2" })
    await save({ profiles: [] })
    expect(await profileIds()).toEqual(["primary"])
  })

  it("are asked about when they have a login, at once when they are saved, and no more when they are gone", async () => {
    await save({
      profiles: [
        { ...backup, id: "second" },
        { ...backup, id: "off", enabled: false },
      ],
    })
    expect(await questions()).toEqual(new Set(["acme/primary", "acme/second", "acme/off"]))
    await store.redis.zadd(keys.profilesDue, { score: 9e12, member: "acme/primary" })
    await save({
      type: "m3u",
      username: undefined,
      password: undefined,
      profiles: [{ ...backup, id: "second" }],
    })
    expect(await questions()).toEqual(new Set(["acme/second"]))
    expect(Number(await store.redis.zscore(keys.profilesDue, "acme/second"))).toBe(0)
    await saveSources(store.redis, secretKeys, [], "file", { replace: true })
    expect(await questions()).toEqual(new Set())
  })

  it("are told anew whether they are on the source's server", async () => {
    await save()
    await add("made", "http://other.example")
    await save({ url: "http://other.example/panel" })
    expect((await read()).record.profiles.at(-1)).toMatchObject({ id: "made", ownServer: false })
  })

  it("keep what their provider said of them, unless it said it of another login", async () => {
    const reported = async () => new Set(await store.redis.hkeys(keys.reports("acme")))
    await save()
    await add("made")
    const report = () =>
      store.redis.hset(keys.reports("acme"), { primary: "{}", "profile-1": "{}", made: "{}" })
    await report()
    await save({ maxStreams: 5, profiles: [{ ...backup, maxStreams: 3, enabled: false }] })
    expect(await reported()).toEqual(new Set(["primary", "profile-1", "made"]))
    await save({ password: "new" })
    expect(await reported()).toEqual(new Set(["profile-1", "made"]))
    await report()
    await save({ password: "new", profiles: [] })
    expect(await reported()).toEqual(new Set(["primary", "made"]))
  })

  it("are not lost to another secret: the start fails, and all stays as it was", async () => {
    const other = await deriveKeys("another secret of an installation, as long")
    const saveWithOther = () => saveSources(store.redis, other, [panel()], "file", { replace: true })
    await save()
    await saveWithOther()
    await save()
    await add("made")
    const before = await store.dump()
    await expect(saveWithOther()).rejects.toThrow(
      'the logins of source "acme" were stored with another secret',
    )
    expect(await store.dump()).toEqual(before)
  })
})
