import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest"
import { configFileSchema, profileSchema, sourceSchema, viewerSchema } from "../config/config-file.ts"
import { settingsFromEnvironment, settingsSchema } from "../config/settings.ts"
import { openTestStore, type TestStore } from "../lease/test-store.ts"
import { deriveKeys } from "../secrets/keys.ts"
import { passwordCheck } from "../secrets/password-check.ts"
import { unseal } from "../secrets/seal.ts"
import { addProfile } from "./change-profile.ts"
import { guideJob, keys, publishJob } from "./keys.ts"
import { readSettings, readSourceRecords, readViewerRecords, unsealSource } from "./read-config.ts"
import type { Origin } from "./records.ts"
import { replaceSettings, saveSources, saveViewers } from "./save-config.ts"
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

const source = (id: string, options: object = {}) =>
  sourceSchema.parse({ id, type: "m3u", url: `http://${id}.example/x`, ...options })
const viewer = (username: string, options: object = {}) =>
  viewerSchema.parse({ username, password: `password of ${username}`, ...options })

const putSources = (ids: string[], origin: Origin, replace = true) =>
  saveSources(
    store.redis,
    secretKeys,
    ids.map((id) => source(id)),
    origin,
    { replace },
  )
const putViewers = (names: string[], origin: Origin, replace = true) =>
  saveViewers(
    store.redis,
    secretKeys,
    names.map((name) => viewer(name)),
    origin,
    { replace },
  )

const sourceIds = async () => [...(await readSourceRecords(store.redis)).keys()]
const viewerNames = async () => new Set((await readViewerRecords(store.redis)).keys())
const due = async () => new Set(await store.redis.zrange<string[]>(keys.importsDue, 0, -1))
const version = async () => Number(await store.redis.get(keys.configVersion))

describe("sources", () => {
  it("are read as they were saved, with their secrets apart", async () => {
    const acme = source("acme", {
      name: "Acme",
      type: "xtream",
      username: "007",
      password: "1e3",
      maxStreams: 2,
      order: 5,
      include: "sport",
      userAgent: "007",
      headers: { Referer: "http://referrer.example" },
      epgUrl: "http://acme.example/guide.xml",
      vod: false,
      profiles: [
        { name: "Backup", username: "u2", password: "p2", priority: 3, maxStreams: 1 },
        {
          id: "third",
          name: "3",
          url: "http://other.example",
          username: "u3",
          password: "p3",
          enabled: false,
        },
      ],
    })
    await saveSources(store.redis, secretKeys, [acme], "file", { replace: true })
    const record = (await readSourceRecords(store.redis)).get("acme")
    expect(record).toEqual({
      id: "acme",
      name: "Acme",
      type: "xtream",
      order: 5,
      enabled: true,
      live: true,
      vod: false,
      series: true,
      include: "sport",
      userAgent: "007",
      origin: "file",
      profiles: [
        {
          ...{ id: "primary", name: "Primary", primary: true, maxStreams: 2, priority: 0, enabled: true },
          ...{ hasLogin: true, ownServer: false },
        },
        {
          ...{ id: "profile-1", name: "Backup", primary: false, maxStreams: 1, priority: 3, enabled: true },
          ...{ hasLogin: true, ownServer: false },
        },
        {
          ...{ id: "third", name: "3", primary: false, maxStreams: null, priority: 1, enabled: false },
          ...{ hasLogin: true, ownServer: true },
        },
      ],
      sealed: record?.sealed,
    })
    if (record === undefined) throw new Error("not saved")
    expect(await unsealSource(secretKeys, record)).toEqual({
      url: "http://acme.example/x",
      epgUrl: "http://acme.example/guide.xml",
      headers: { Referer: "http://referrer.example" },
      logins: {
        primary: { url: null, username: "007", password: "1e3" },
        "profile-1": { url: null, username: "u2", password: "p2" },
        third: { url: "http://other.example", username: "u3", password: "p3" },
      },
    })
  })

  it("without a login have a primary profile without one", async () => {
    await putSources(["a"], "file")
    const record = (await readSourceRecords(store.redis)).get("a")
    expect(record?.profiles).toMatchObject([{ id: "primary", maxStreams: null, hasLogin: false }])
    expect(record && (await unsealSource(secretKeys, record)).logins).toEqual({})
  })

  it("are listed in their order, then by id", async () => {
    const sources = [source("z", { order: 1 }), source("b", { order: 2 }), source("a", { order: 2 })]
    await saveSources(store.redis, secretKeys, sources, "file", { replace: true })
    expect(await sourceIds()).toEqual(["z", "a", "b"])
  })

  it("of the same origin that are not named any more go, with all that was kept of them", async () => {
    await putSources(["a", "b"], "file")
    await store.redis.zrem(keys.importsDue, "a", "b")
    for (const id of ["a", "b"]) {
      await store.redis.hset(keys.importsStatus, { [id]: "{}", [guideJob(id)]: "{}" })
      await store.redis.hset(keys.importsAccept, { [id]: "1" })
      await store.redis.zadd(keys.importsDue, { score: 9e12, member: guideJob(id) })
      await store.redis.hset(keys.reports(id), { primary: "{}" })
    }
    await putSources(["b", "c"], "file")
    expect(new Set(await sourceIds())).toEqual(new Set(["b", "c"]))
    expect(await due()).toEqual(new Set(["b", "c", guideJob("b"), publishJob]))
    expect(new Set(await store.redis.hkeys(keys.importsStatus))).toEqual(new Set(["b", guideJob("b")]))
    expect(await store.redis.hkeys(keys.importsAccept)).toEqual(["b"])
    expect(await store.redis.exists(keys.reports("a"))).toBe(0)
    expect(await store.redis.exists(keys.reports("b"))).toBe(1)
  })

  it("of other origins stay, unless they are named now", async () => {
    await putSources(["api", "both"], "api")
    await putSources(["env"], "environment")
    await putSources(["file", "both"], "file")
    await putSources([], "environment")
    expect(new Set(await sourceIds())).toEqual(new Set(["api", "both", "file"]))
    expect((await readSourceRecords(store.redis)).get("both")?.origin).toBe("file")
    await putSources([], "file")
    expect(await sourceIds()).toEqual(["api"])
  })

  it("all stay when nothing is to be replaced", async () => {
    await putSources(["a"], "api")
    await putSources(["b"], "api", false)
    expect(await sourceIds()).toEqual(["a", "b"])
    expect(await due()).toEqual(new Set(["a", "b"]))
  })

  it("are due for import at once, also while an import of them runs", async () => {
    await putSources(["a"], "file")
    await store.redis.zadd(keys.importsDue, { score: 9e12, member: "a" })
    await putSources(["a"], "file")
    expect(Number(await store.redis.zscore(keys.importsDue, "a"))).toBe(0)
  })

  it("are published anew when one went, even when none is left to import, and only then", async () => {
    await putSources(["a"], "file")
    await putSources(["a"], "file")
    expect(await due()).toEqual(new Set(["a"]))
    await putSources([], "file")
    expect(await due()).toEqual(new Set([publishJob]))
  })
})

describe("profiles of a source that is saved again", () => {
  const backup = { name: "Backup", username: "u2", password: "p2" }
  const panel = (options: object = {}) =>
    source("acme", { type: "xtream", username: "u", password: "p", profiles: [backup], ...options })
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
    await putSources([], "environment")
    expect(await sourceIds()).toEqual([])
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

describe("viewers", () => {
  it("are read as they were saved, with their password to compare and to show", async () => {
    const ann = viewer("007", {
      password: "1e3",
      maxStreams: 2,
      groups: ["Sport", "007"],
      expiresAt: "2030-01-01T00:00:00+01:00",
      whenFull: "replace",
    })
    await saveViewers(store.redis, secretKeys, [ann, viewer("bob")], "file", { replace: true })
    const stored = await readViewerRecords(store.redis)
    const record = stored.get("007")
    expect(record).toMatchObject({
      username: "007",
      maxStreams: 2,
      groups: ["Sport", "007"],
      expiresAt: Date.UTC(2029, 11, 31, 23),
      whenFull: "replace",
      enabled: true,
      origin: "file",
      check: await passwordCheck(secretKeys, "007", "1e3"),
    })
    expect(await unseal(secretKeys, record?.sealedPassword ?? "")).toBe("1e3")
    expect(stored.get("bob")).toMatchObject({ expiresAt: null, whenFull: "refuse" })
    expect(record).not.toHaveProperty("password")
  })

  it("of the same origin that are not named any more go; others stay", async () => {
    await putViewers(["api"], "api")
    await putViewers(["ann", "bob"], "file")
    await putViewers(["bob", "eve"], "file")
    expect(await viewerNames()).toEqual(new Set(["api", "bob", "eve"]))
    await putViewers(["joe"], "file", false)
    expect(await viewerNames()).toEqual(new Set(["api", "bob", "eve", "joe"]))
    await putViewers([], "file")
    expect(await viewerNames()).toEqual(new Set(["api"]))
  })
})

describe("settings", () => {
  it("are the defaults before any is saved", async () => {
    expect(await readSettings(store.redis)).toEqual(settingsSchema.parse({}))
  })

  it("come from environment and file alike, and texts stay texts", async () => {
    const named = settingsFromEnvironment({
      PUBLIC_PLAYLIST: "true",
      OBFUSCATE_URLS: "false",
      USER_AGENT: "007",
      SORT_FIELD: "true",
      REQ_ORIGIN: "null",
      MAX_RETRIES: "007",
      POOL_GRACE: "1m",
      HLS_VARIANT: "5000000",
    })
    await replaceSettings(store.redis, named)
    const read = await readSettings(store.redis)
    expect(read).toEqual(settingsSchema.parse(named))
    expect(read).toMatchObject({ userAgent: "007", sortField: "true", reqOrigin: "null", maxRetries: 7 })
    await replaceSettings(store.redis, {
      publicPlaylist: true,
      maxRetries: 7,
      poolGrace: "60s",
      hlsVariant: 5_000_000,
    })
    expect(await readSettings(store.redis)).toMatchObject({
      publicPlaylist: true,
      maxRetries: 7,
      poolGrace: 60,
    })
  })

  it.each([true, "true"] as const)(
    "make the playlist public for the admission script: %j",
    async (written) => {
      await replaceSettings(store.redis, { publicPlaylist: written })
      expect(await store.redis.hget(keys.settings, "publicPlaylist")).toBe("true")
    },
  )

  it("that are not named any more are at their default again", async () => {
    await replaceSettings(store.redis, { poolGrace: "1m", debug: true })
    await replaceSettings(store.redis, { debug: true })
    expect(await readSettings(store.redis)).toEqual(settingsSchema.parse({ debug: true }))
    await replaceSettings(store.redis, {})
    expect(await readSettings(store.redis)).toEqual(settingsSchema.parse({}))
  })

  it("that are damaged are an error and not a default", async () => {
    await store.redis.hset(keys.settings, { poolGrace: '"soon"' })
    await expect(readSettings(store.redis)).rejects.toThrow()
  })
})

describe("every change", () => {
  it("raises the version by one, so that streamers read it", async () => {
    await putSources(["a"], "file")
    await putViewers(["ann"], "file")
    await replaceSettings(store.redis, { debug: true })
    expect(await version()).toBe(3)
    await putSources([], "file")
    await putViewers([], "file")
    await replaceSettings(store.redis, {})
    expect(await version()).toBe(6)
  })
})

describe("secrets", () => {
  it("are nowhere in Redis: no password, no login and no address of a provider", async () => {
    const file = configFileSchema.parse({
      sources: [
        {
          id: "acme",
          type: "xtream",
          url: "http://panel-host.example:8000",
          username: "panel-user",
          password: "panel-password",
          epgUrl: "http://epg-host.example/x",
          headers: { Authorization: "header-secret" },
          profiles: [
            {
              name: "B",
              url: "http://backup-host.example",
              username: "backup-user",
              password: "backup-password",
            },
          ],
        },
        {
          id: "list",
          type: "m3u",
          url: "http://list-host.example/get.php?username=list-user&password=list-password",
        },
      ],
      viewers: [{ username: "ann", password: "viewer-password" }],
    })
    await saveSources(store.redis, secretKeys, file.sources ?? [], "file", { replace: true })
    await saveViewers(store.redis, secretKeys, file.viewers ?? [], "file", { replace: true })
    const everything = JSON.stringify(await store.dump())
    // So that the search would find them.
    for (const known of ["acme", "ann", "profile-1"]) expect(everything).toContain(known)
    const found = everything.match(
      /panel-|epg-host|header-secret|backup-|list-host|list-user|list-p|viewer-pa|http/g,
    )
    expect(found).toBeNull()
    const [record] = (await readSourceRecords(store.redis)).values()
    const other = await deriveKeys("another secret of an installation, as long")
    await expect(record && unsealSource(other, record)).rejects.toThrow()
  })
})
