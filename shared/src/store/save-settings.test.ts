import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest"
import { settingsPatchSchema } from "../config/named-settings.ts"
import { defaultSettings, settingNames, settingsSchema } from "../config/settings.ts"
import { openTestStore, type TestStore } from "../lease/test-store.ts"
import { copyConfig, restoreConfig } from "./config-copy.ts"
import { guideJob, keys, publishJob } from "./keys.ts"
import { readSettings } from "./read-config.ts"
import { replaceSettings, saveSettings } from "./save-settings.ts"
import { storedSettings } from "./stored-settings.ts"

let store: TestStore

beforeAll(async () => {
  store = await openTestStore()
})
afterAll(() => store.close())
beforeEach(async () => {
  await store.redis.flushall()
})

const set = (patch: object) => saveSettings(store.run, settingsPatchSchema.parse(patch))
const read = async () =>
  storedSettings(await store.redis.hgetall(keys.settings), await store.redis.hgetall(keys.settingsByApi))
const version = async () => Number(await store.redis.get(keys.configVersion))
const due = async (job: string) => {
  const score = await store.redis.zscore(keys.importsDue, job)
  return score === null ? null : Number(score)
}

describe("settings as one would write them", () => {
  it("are the defaults before any is set, and those are what the schema makes of nothing", async () => {
    expect(await read()).toEqual({ settings: defaultSettings, changed: [], configured: [] })
    expect(defaultSettings).toMatchObject({ retryDelay: "5s", importRefreshInterval: "12h", maxRetries: 3 })
    expect(settingsSchema.parse(defaultSettings)).toEqual(settingsSchema.parse({}))
    expect(Object.keys(defaultSettings)).toEqual(settingNames)
  })

  it("are the same whether a file or an environment wrote them", async () => {
    await replaceSettings(store.redis, {
      maxRetries: "7",
      debug: "true",
      poolGrace: "90s",
      hlsVariant: "800000",
    })
    expect(await read()).toMatchObject({
      settings: { maxRetries: 7, debug: true, poolGrace: "90s", hlsVariant: 800_000 },
      changed: ["maxRetries", "poolGrace", "hlsVariant", "debug"],
      configured: ["maxRetries", "poolGrace", "hlsVariant", "debug"],
    })
  })

  it("are not changed when they say the default in other words", async () => {
    await set({ importRefreshInterval: "720m", maxRetries: "3" })
    expect(await read()).toMatchObject({
      settings: { importRefreshInterval: "720m" },
      changed: [],
      configured: [],
    })
  })
})

describe("a change of settings", () => {
  it("is in force at once, and null puts one back to its default", async () => {
    expect(await set({ poolGrace: "3s", publicPlaylist: "true", maxRetries: 9 })).toBe(true)
    expect(await readSettings(store.redis)).toMatchObject({
      poolGrace: 3,
      publicPlaylist: true,
      maxRetries: 9,
    })
    // As the admission script compares it.
    expect(await store.redis.hget(keys.settings, "publicPlaylist")).toBe("true")
    expect(await version()).toBe(1)
    await set({ poolGrace: null, streamMode: "direct" })
    expect(await store.redis.hexists(keys.settingsByApi, "poolGrace")).toBe(0)
    expect(await readSettings(store.redis)).toMatchObject({
      poolGrace: 10,
      streamMode: "direct",
      maxRetries: 9,
    })
    expect(await version()).toBe(2)
  })

  it("that changes nothing raises no version, and has nothing made", async () => {
    await set({ sortField: "tvg-id" })
    await store.redis.del(keys.importsDue)
    const before = await version()
    expect(await set({ sortField: "tvg-id", debug: null })).toBe(false)
    expect(await set({})).toBe(false)
    expect([await version(), await due(publishJob)]).toEqual([before, null])
  })

  it.each([
    [{ sortField: "name" }, 0],
    [{ sortDirection: "desc" }, 0],
    [{ groupBy: "tvg-id", maxRetries: 1 }, 0],
    [{ userAgent: "x", maxRetries: 1, cacheDuration: "1m" }, null],
  ])("has a snapshot made where it shapes the playlist: %j", async (patch, score) => {
    await set(patch)
    expect(await due(publishJob)).toBe(score)
  })

  it("to a shorter interval counts from now on, for what waits for it and does not run", async () => {
    const now = await store.now()
    const [soon, late, never] = [now + 60_000, now + 40_000_000, now + 100 * 365 * 86_400_000]
    const jobs = { near: soon, far: late, running: late, [guideJob(null)]: late, [guideJob("far")]: never }
    for (const [member, score] of Object.entries(jobs))
      await store.redis.zadd(keys.importsDue, { score, member })
    await store.redis.hset(keys.importsRunning, { running: "token" })
    await set({ importRefreshInterval: "1h" })
    expect([await due("near"), await due("running"), await due(guideJob("far"))]).toEqual([soon, late, never])
    for (const job of ["far", guideJob(null)]) {
      const score = (await due(job)) ?? 0
      expect(Math.abs(score - now - 3_600_000)).toBeLessThan(5_000)
    }
    await set({ importRefreshInterval: null })
    expect((await due("far")) ?? 0).toBeLessThan(now + 3_700_000)
  })
})

describe("what the admin API has set", () => {
  it("stays at the next start, unless the configuration names it", async () => {
    await replaceSettings(store.redis, { maxRetries: 1 })
    await set({ poolGrace: "3s", sortField: "tvg-id", maxRetries: 2 })
    expect((await read()).configured).toEqual(["maxRetries"])
    await replaceSettings(store.redis, { maxRetries: 1, sortField: "group-title" })
    expect(await readSettings(store.redis)).toMatchObject({
      poolGrace: 3,
      sortField: "group-title",
      maxRetries: 1,
    })
    await replaceSettings(store.redis, {})
    expect(await readSettings(store.redis)).toMatchObject({
      poolGrace: 3,
      sortField: "tvg-name",
      maxRetries: 3,
    })
    expect(await read()).toMatchObject({ changed: ["poolGrace"], configured: [] })
  })

  it("is part of the copy that restores a store which has lost its data", async () => {
    await set({ poolGrace: "3s" })
    const copy = await copyConfig(store.redis)
    await store.redis.flushall()
    expect(copy !== null && (await restoreConfig(store.run, copy))).toBe(true)
    await replaceSettings(store.redis, {})
    expect(await readSettings(store.redis)).toMatchObject({ poolGrace: 3 })
  })
})
