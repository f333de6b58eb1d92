import { log } from "@tributary/shared/log/log"
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from "vitest"
import {
  json,
  login,
  loginAnswer,
  query,
  startAccountStore,
  startProvider,
  startServer,
} from "./account-fixture.ts"
import { ProfileChecks, type ProfileChecksOptions } from "./profile-checks.ts"

vi.setConfig({ testTimeout: 30_000, hookTimeout: 60_000 })

let store: Awaited<ReturnType<typeof startAccountStore>>
let provider: Awaited<ReturnType<typeof startProvider>>
let server: Awaited<ReturnType<typeof startServer>>
let checks: ProfileChecks

beforeAll(async () => {
  ;[store, provider, server] = await Promise.all([
    startAccountStore(),
    startProvider(),
    startServer(() => undefined),
  ])
})
beforeEach(async () => {
  server.asked = []
  server.answer = json(loginAnswer())
  checks = await newChecks()
})
afterEach(async () => {
  provider.clearFaults()
  await store.clear()
})
afterAll(() => Promise.all([store?.close(), provider?.close(), server?.close()]))

async function newChecks(changes: Partial<ProfileChecksOptions> = {}): Promise<ProfileChecks> {
  return new ProfileChecks({
    ...{ run: store.run, config: await store.openConfig(), now: Date.now, random: () => 0.5 },
    logger: log("streamer", "account"),
    ...changes,
  })
}

const panel = (more: object = {}) => ({ id: "a", type: "xtream", url: provider.url, ...login, ...more })
const primary = { source: "a", profile: "primary" }

describe("the test of a stored profile", () => {
  it("knows one that was saved a moment ago, and its answer is in force at once", async () => {
    await store.save(panel())
    expect(await checks.ofStored(primary)).toMatchObject({
      ok: true,
      check: { ok: true, status: "active", maxConnections: 2 },
    })
    expect(await store.report("a")).toMatchObject({ status: "active", maxConnections: 2 })
    expect(await store.dueIn("a")).toBe(900)
    await store.save(panel({ password: "wrong" }))
    expect(await checks.ofStored(primary)).toMatchObject({ check: { ok: false, status: "wrong_password" } })
    expect(await store.report("a")).toMatchObject({ status: "wrong_password" })
    expect(await store.dueIn("a")).toBe(300)
  })

  it("is of the profile that is named, also of one that is disabled", async () => {
    const second = { id: "p", name: "P", url: server.url, username: "bob", password: "b", enabled: false }
    server.answer = json(loginAnswer({ max_connections: 9 }))
    await store.save(panel({ profiles: [second] }))
    expect(await checks.ofStored({ source: "a", profile: "p" })).toMatchObject({
      check: { maxConnections: 9 },
    })
    expect(await store.report("a")).toBeNull()
    expect(await store.report("a", "p")).toMatchObject({ maxConnections: 9 })
  })

  it("leaves the last report in force when there was no answer", async () => {
    await store.save(panel())
    await checks.ofStored(primary)
    const before = await store.report("a")
    provider.setFault("api", { kind: "hang" })
    const hasty = await newChecks({ patienceMilliseconds: 100 })
    expect(await hasty.ofStored(primary)).toMatchObject({ check: { ok: false, status: "timeout" } })
    expect(await store.report("a")).toEqual(before)
  })

  it("is refused for what is not there", async () => {
    await store.save(panel())
    for (const name of [
      { source: "b", profile: "primary" },
      { source: "a", profile: "p" },
      { source: "a", profile: "constructor" },
    ])
      expect(await checks.ofStored(name)).toEqual({ ok: false, reason: "unknown_source" })
    expect(server.asked).toEqual([])
  })

  it("needs the store, though not to keep what it found", async () => {
    await store.save(panel())
    const away = () => Promise.reject(new Error("away"))
    const unkept = await newChecks({ run: away })
    expect(await unkept.ofStored(primary)).toMatchObject({ ok: true, check: { status: "active" } })
    const config = await store.openConfig()
    const { sources, settings } = config
    const unread = await newChecks({ config: { sources, settings, refresh: away } })
    expect(await unread.ofStored(primary)).toEqual({ ok: false, reason: "store_unavailable" })
  })
})

describe("the test of a draft", () => {
  it("is that of an Xtream account, and nothing of it is kept", async () => {
    const draft = { type: "xtream", url: provider.url, ...login } as const
    expect(await checks.ofDraft(draft)).toMatchObject({ ok: true, maxConnections: 2 })
    expect(await checks.ofDraft({ ...draft, password: "no" })).toMatchObject({ status: "wrong_password" })
    expect(await store.redis.keys("*")).toEqual([])
  })

  it("is that of a list, with the login that its address holds", async () => {
    await checks.ofDraft({ type: "m3u", url: `${server.url}/get.php?${query}` })
    expect(server.asked).toEqual([`/player_api.php?${query}`, `/get.php?${query}`])
    expect(await checks.ofDraft({ type: "m3u", url: `${provider.url}/playlist.m3u` })).toMatchObject({
      ...{ ok: true, status: "active", suggestedType: null },
    })
  })

  it("sends the headers that are typed with it", async () => {
    const headers = { Referer: "http://site.test/" }
    await checks.ofDraft({ type: "m3u", url: `${server.url}/tv.m3u`, userAgent: "Own", headers })
    expect(server.headers).toMatchObject({ "user-agent": "Own", referer: "http://site.test/" })
  })
})
