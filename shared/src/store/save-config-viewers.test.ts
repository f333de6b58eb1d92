import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest"
import { viewerSchema } from "../config/config-file.ts"
import { settingsFromEnvironment, settingsSchema } from "../config/settings.ts"
import { openTestStore, type TestStore } from "../lease/test-store.ts"
import { deriveKeys } from "../secrets/keys.ts"
import { passwordCheck } from "../secrets/password-check.ts"
import { unseal } from "../secrets/seal.ts"
import { keys } from "./keys.ts"
import { readSettings, readViewerRecords } from "./read-config.ts"
import type { Origin } from "./records.ts"
import { replaceSettings, saveViewers } from "./save-config.ts"

const secretKeys = await deriveKeys("a secret of an installation, long enough")
let store: TestStore

beforeAll(async () => {
  store = await openTestStore()
})
afterAll(() => store.close())
beforeEach(async () => {
  await store.redis.flushall()
})

const viewer = (username: string, options: object = {}) =>
  viewerSchema.parse({ username, password: `password of ${username}`, ...options })

const putViewers = (names: string[], origin: Origin, replace = true) =>
  saveViewers(
    store.redis,
    secretKeys,
    names.map((name) => viewer(name)),
    origin,
    { replace },
  )

const viewerNames = async () => new Set((await readViewerRecords(store.redis)).keys())

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
