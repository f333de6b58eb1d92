import { keys } from "@tributary/shared/store/keys"
import { Redis } from "@upstash/redis"
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest"
import { type GatewayFixture, startFixture, TOKEN } from "../local/gateway/gateway-fixture.ts"
import { parseBackup, readBackup, restoreBackup } from "./config-backup.ts"

const acme = `{"name":"007","profiles":[{"id":"main","hasLogin":true},{"id":"open","hasLogin":false}]}`

describe("a backup of the config", () => {
  let store: GatewayFixture
  let redis: Redis

  beforeAll(async () => {
    store = await startFixture()
    redis = new Redis({
      ...{ url: store.gateway.url, token: TOKEN },
      ...{ automaticDeserialization: false, enableTelemetry: false },
    })
  })

  afterAll(() => store.close())

  beforeEach(async () => {
    await redis.flushall()
    await redis.hset(keys.sources, { acme })
    await redis.hset(keys.viewers, { ann: `{"maxStreams":2}` })
    await redis.hset(keys.edits, { "101": `{"name":"One"}` })
    await redis.set(keys.epg, "[]")
    await redis.set(keys.configVersion, "5")
  })

  it("brings back what was there, byte by byte, and takes away what came since", async () => {
    const text = JSON.stringify(await readBackup(redis, new Date(0)))
    await redis.hset(keys.sources, { other: acme })
    await redis.hset(keys.viewers, { ann: "{}" })
    await redis.del(keys.epg)
    await restoreBackup(redis, parseBackup(text))
    expect(await redis.hgetall(keys.sources)).toEqual(["acme", acme])
    expect(await redis.hgetall(keys.viewers)).toEqual(["ann", `{"maxStreams":2}`])
    expect(await redis.get(keys.epg)).toBe("[]")
    expect(JSON.stringify(await readBackup(redis, new Date(0)))).toBe(text)
  })

  it("fills an empty store, where everybody notices and everything is imported", async () => {
    const backup = await readBackup(redis, new Date(0))
    await redis.flushall()
    await restoreBackup(redis, backup)
    expect(await redis.get(keys.configVersion)).toBe("1")
    expect(await redis.zrange(keys.importsDue, 0, -1)).toEqual(["*", "acme", "guide:"])
    expect(await redis.zrange(keys.profilesDue, 0, -1)).toEqual(["acme/main"])
  })

  it("has every part of the config that the store can hold", async () => {
    const config = Object.entries(keys).flatMap(([name, key]) =>
      typeof key === "string" && key.startsWith("config:") && name !== "configVersion" ? [name] : [],
    )
    const { hashes } = await readBackup(redis, new Date(0))
    expect(new Set([...Object.keys(hashes), "epg"])).toEqual(new Set(config))
  })

  it("is refused when it is no backup", () => {
    expect(() => parseBackup(`{"format":2}`)).toThrow()
    expect(() => parseBackup("")).toThrow()
  })
})
