import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest"
import { configFileSchema, sourceSchema, viewerSchema } from "../config/config-file.ts"
import { openTestStore, type TestStore } from "../lease/test-store.ts"
import { deriveKeys } from "../secrets/keys.ts"
import { guideJob, keys, publishJob } from "./keys.ts"
import { readSourceRecords, unsealSource } from "./read-config.ts"
import type { Origin } from "./records.ts"
import { replaceSettings, saveSources, saveViewers } from "./save-config.ts"

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
