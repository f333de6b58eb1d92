import { sourceSchema, viewerSchema } from "@tributary/shared/config/config-file"
import { bindScripts, type RunScript } from "@tributary/shared/lease/scripts"
import { log } from "@tributary/shared/log/log"
import { deriveKeys } from "@tributary/shared/secrets/keys"
import { keys } from "@tributary/shared/store/keys"
import { replaceSettings, saveSources, saveViewers } from "@tributary/shared/store/save-config"
import { Redis } from "@upstash/redis"
import { afterAll, beforeAll, beforeEach, expect, it } from "vitest"
import { startFixture, TOKEN } from "../../../infra/local/gateway/gateway-fixture.ts"
import { ConfigGuard } from "./config-guard.ts"
import { readScriptSources } from "./script-sources.ts"

const secretKeys = await deriveKeys("a secret for tests, which is long enough")
let store: Awaited<ReturnType<typeof startFixture>>
let redis: Redis
let run: RunScript

beforeAll(async () => {
  store = await startFixture()
  redis = new Redis({
    ...{ url: store.gateway.url, token: TOKEN },
    ...{ automaticDeserialization: false, enableTelemetry: false },
  })
  run = bindScripts(redis, readScriptSources())
})
afterAll(() => store?.close())
beforeEach(async () => {
  await redis.flushdb()
  const source = { id: "acme", type: "xtream", url: "http://panel.example", username: "u", password: "p" }
  await saveSources(redis, secretKeys, [sourceSchema.parse(source)], "file", { replace: true })
  const viewer = viewerSchema.parse({ username: "ann", password: "a" })
  await saveViewers(redis, secretKeys, [viewer], "file", { replace: true })
  await replaceSettings(redis, { poolGrace: "3s" })
  await redis.hset(keys.edits, { "1": '{"name":"One"}' })
})

const newGuard = () => new ConfigGuard({ redis, run, logger: log("test", "store") })
const version = async () => (await redis.get<string>(keys.configVersion)) ?? "0"
const stored = () =>
  Promise.all([keys.settings, keys.sources, keys.viewers, keys.edits].map((key) => redis.hgetall(key)))

it("gives a store that lost everything its configuration back, and has all of it read and asked for anew", async () => {
  const guard = newGuard()
  const before = await stored()
  const seen = await version()
  expect(await guard.follow(seen)).toBe(true)
  await redis.flushdb()
  expect(await guard.follow("0")).toBe(false)
  expect(await stored()).toEqual(before)
  expect(Number(await version())).toBeGreaterThan(Number(seen))
  expect(await redis.zrange(keys.importsDue, 0, -1)).toEqual(["acme"])
  expect(await redis.zrange(keys.profilesDue, 0, -1)).toEqual(["acme/primary"])
  expect(await guard.follow(await version())).toBe(true)
})

it("changes nothing of a configuration that was made meanwhile", async () => {
  const guard = newGuard()
  await guard.follow(await version())
  await redis.flushdb()
  await replaceSettings(redis, { poolGrace: "9s" })
  const before = await stored()
  await guard.follow("0")
  expect(await stored()).toEqual(before)
})

it("restores what was in force last, as often as it is lost", async () => {
  const guard = newGuard()
  await guard.follow(await version())
  await redis.hdel(keys.viewers, "ann")
  await redis.incr(keys.configVersion)
  await guard.follow(await version())
  for (let time = 0; time < 2; time++) {
    await redis.flushdb()
    await guard.follow("0")
    expect(await redis.exists(keys.viewers)).toBe(0)
    expect(await redis.exists(keys.sources)).toBe(1)
  }
})

it("has nothing to give to an installation without a configuration", async () => {
  await redis.flushdb()
  expect(await newGuard().follow("0")).toBe(true)
  expect(await redis.exists(keys.configVersion)).toBe(0)
})
