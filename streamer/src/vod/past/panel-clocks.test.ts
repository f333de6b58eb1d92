import { log } from "@tributary/shared/log/log"
import { keys } from "@tributary/shared/store/keys"
import type { PanelClock } from "@tributary/shared/store/records"
import { Redis } from "@upstash/redis"
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest"
import { startFixture, TOKEN } from "../../../../infra/local/gateway/gateway-fixture.ts"
import { wallClock, type Zone } from "./local-time.ts"
import { PanelClocks } from "./panel-clocks.ts"

let store: Awaited<ReturnType<typeof startFixture>>
let redis: Redis

beforeAll(async () => {
  store = await startFixture()
  redis = new Redis({
    ...{ url: store.gateway.url, token: TOKEN, automaticDeserialization: false, enableTelemetry: false },
    retry: { retries: 0 },
  })
})
beforeEach(() => redis.del(keys.reports("a")))
afterAll(() => store.close())

const reported = (profile: string, clock?: PanelClock) =>
  redis.hset(keys.reports("a"), { [profile]: JSON.stringify({ status: "active", ...(clock && { clock }) }) })
const noon = Date.UTC(2026, 6, 1, 12) / 1000
const shown = (zone: Zone | null) => {
  if (zone === null) return null
  const { hour, minute } = wallClock(noon, zone)
  return `${hour}:${minute}`
}
const clocks = (changes: Partial<ConstructorParameters<typeof PanelClocks>[0]> = {}) =>
  new PanelClocks({ redis, logger: log("test", "past"), ...changes })

describe("the clock of a provider", () => {
  it("is what the panel said with the profile's account, else with the primary's", async () => {
    await reported("primary", { timeZone: "Europe/Berlin" })
    await reported("backup", { offsetMinutes: -210 })
    await reported("silent")
    const known = clocks()
    expect(shown(await known.zone("a", "primary"))).toBe("14:00")
    expect(shown(await known.zone("a", "backup"))).toBe("08:30")
    expect(shown(await known.zone("a", "silent"))).toBe("14:00")
    expect(shown(await known.zone("a", "gone"))).toBe("14:00")
  })

  it("is not known where the panel says nothing", async () => {
    expect(await clocks().zone("a", "primary")).toBeNull()
    await reported("primary")
    expect(await clocks().zone("a", "primary")).toBeNull()
  })

  it("is said once to have no zone that is known, and is then as far ahead as it was", async () => {
    const warnings: unknown[] = []
    const logger = { ...log("test", "past"), warn: (...words: unknown[]) => void warnings.push(words[1]) }
    await reported("primary", { timeZone: "Mars/Olympus", offsetMinutes: 60 })
    const known = clocks({ logger: logger as unknown as ReturnType<typeof log> })
    for (let n = 0; n < 3; n++) expect(shown(await known.zone("a", "primary"))).toBe("13:00")
    expect(warnings).toEqual([{ source: "a", timeZone: "Mars/Olympus", instead: "60 minutes ahead of UTC" }])
  })

  it("is what it was while the store does not answer", async () => {
    await reported("primary", { timeZone: "Europe/Berlin" })
    const down = new Redis({
      url: "http://127.0.0.1:1",
      token: TOKEN,
      retry: { retries: 0 },
      enableTelemetry: false,
    })
    let current: Pick<Redis, "hget"> = redis
    const known = clocks({
      redis: { hget: ((...words: Parameters<Redis["hget"]>) => current.hget(...words)) as Redis["hget"] },
    })
    await known.zone("a", "primary")
    current = down
    expect(shown(await known.zone("a", "primary"))).toBe("14:00")
    expect(await known.zone("a", "other")).toBeNull()
  })
})
