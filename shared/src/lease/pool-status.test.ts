import { describe, expect, it } from "vitest"
import { reportRefusal } from "../account/report.ts"
import { keys } from "../store/keys.ts"
import { readPool } from "./pool-status.ts"
import { store, useTestWorld, world } from "./test-lease.ts"

useTestWorld()

const pool = () => readPool(store.run, "a")
const shown = async (...names: string[]) => {
  const profiles = (await pool()) ?? []
  return profiles.map((profile) =>
    Object.fromEntries(Object.entries(profile).filter(([name]) => names.includes(name))),
  )
}

describe("the pool of a source", () => {
  it("is unknown when there is no such source", async () => {
    expect(await pool()).toBeNull()
    await world.sources({ b: 1 })
    expect(await pool()).toBeNull()
  })

  it("shows each profile as admission sees it, best first", async () => {
    const login = { username: "u2", password: "p2" }
    const profiles = [
      { ...login, id: "late", name: "Late", priority: 7, maxStreams: 4 },
      { ...login, id: "early", name: "Early", priority: 1, enabled: false },
    ]
    await world.sources({ a: { maxStreams: 2, profiles } })
    await world.open("1", ["a"])
    await world.report("a", "late", {
      ...{ maxConnections: 3, activeConnections: 2, elsewhere: 2, status: "active" },
      ...{ expiresAt: 4_000_000_000_000, at: 1_700_000_000_123 },
    })
    const unasked = { status: null, expiresAt: null, reportedAt: null, activeConnections: null }
    expect(await pool()).toEqual([
      {
        ...{ id: "primary", name: "Primary", primary: true, enabled: true, priority: 0 },
        ...{ active: 1, max: 2, elsewhere: 0, room: 1, reason: null },
        ...unasked,
      },
      {
        ...{ id: "early", name: "Early", primary: false, enabled: false, priority: 1 },
        ...{ active: 0, max: null, elsewhere: 0, room: null, reason: "disabled" },
        ...unasked,
      },
      {
        ...{ id: "late", name: "Late", primary: false, enabled: true, priority: 7 },
        ...{ active: 0, max: 3, elsewhere: 2, room: 1, reason: null },
        ...{ status: "active", expiresAt: 4_000_000_000_000 },
        ...{ reportedAt: 1_700_000_000_123, activeConnections: 2 },
      },
    ])
  })

  it.each([
    ["disabled", { enabled: false }, {}],
    ["expired", {}, { expiresAt: 1 }],
    ["expired", {}, { status: "expired" as const }],
    ["banned", {}, { status: "banned" as const }],
    ["disabled", {}, { status: "disabled" as const }],
    ["wrong_password", {}, { status: "wrong_password" as const }],
    ["refused", {}, { refusedUntil: 4e12 }],
    [null, {}, { refusedUntil: 1 }],
    [null, {}, { status: "unknown" as const }],
  ])("says why a profile cannot be used: %s with %j and %j", async (reason, source, report) => {
    await world.sources({ a: { maxStreams: 1, ...source } })
    await world.report("a", "primary", report)
    expect(await shown("reason")).toEqual([{ reason }])
    expect(await world.ask("1", ["a"])).toMatchObject(
      reason === null ? { code: "open" } : { reasons: [reason] },
    )
  })

  it("has no room less than none", async () => {
    await world.sources({ a: 1 })
    await world.report("a", "primary", { elsewhere: 3 })
    await world.open("1", ["a"]).catch(() => null)
    expect(await shown("active", "max", "room")).toEqual([{ active: 0, max: 1, room: 0 }])
  })

  it("does not count leases that ran out, except while streamers may come back for them", async () => {
    await world.sources({ a: 2 })
    await world.open("1", ["a"])
    await world.expire(keys.leases("a"))
    expect(await shown("active", "room")).toEqual([{ active: 0, room: 2 }])
    await store.redis.set(keys.recovering, "late")
    expect(await shown("active", "room", "reason")).toEqual([{ active: 1, room: 1, reason: null }])
    const long = (await store.now()) - 11 * 60_000
    for (const memberOfLongAgo of await world.leases("a"))
      await store.redis.zadd(keys.leases("a"), { score: long, member: memberOfLongAgo })
    expect(await shown("active", "room")).toEqual([{ active: 0, room: 2 }])
    await store.redis.set(keys.recovering, "empty")
    expect(await shown("reason")).toEqual([{ reason: "recovering" }])
  })

  it("shows a refusal of a profile that was never asked about, and no report of it", async () => {
    await world.sources({ a: 1 })
    await reportRefusal(store.run, { source: "a", profile: "primary" })
    expect(await shown("reason", "status", "reportedAt")).toEqual([
      { reason: "refused", status: null, reportedAt: null },
    ])
  })

  it("is one request and one command", async () => {
    await world.sources({ a: 1 })
    await pool()
    store.gateway.resetStats()
    await pool()
    expect(store.gateway.stats()).toEqual({ requests: 1, commands: 1, byCommand: { EVALSHA: 1 } })
  })
})
