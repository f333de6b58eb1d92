import type { PoolRow } from "@tributary/shared/admin-api/sources"
import { keys } from "@tributary/shared/store/keys"
import type { ProfileReport } from "@tributary/shared/store/records"
import { beforeEach, describe, expect, it } from "vitest"
import { startAfresh } from "../../test-support/edge-under-test.ts"
import { addSources, redis } from "../../test-support/store.ts"
import { askMasked } from "./profiles-fixture.ts"

const login = { username: "ann", password: "s3cret" }
const profile = (id: string, options: object = {}) => ({ id, name: id, ...login, ...options })
const later = 9e12

const acme = (options: object = {}) =>
  addSources({ id: "acme", type: "xtream", url: "http://panel.example", ...login, ...options })
const pool = async (id = "acme") => (await askMasked<PoolRow>(`/sources/${id}/pool`)).body
const hold = (profileId: string, count: number) =>
  Promise.all(
    Array.from({ length: count }, (_, at) =>
      redis.zadd(keys.leases("acme"), { score: later, member: `${profileId}/channel-${at}/lease-${at}` }),
    ),
  )
const report = (profileId: string, said: Partial<ProfileReport>) =>
  redis.hset(keys.reports("acme"), {
    [profileId]: JSON.stringify({
      ...{ maxConnections: null, activeConnections: null, status: "active", expiresAt: null },
      ...{ elsewhere: 0, at: 1_800_000_000_000, refusedUntil: 0, ...said },
    }),
  })

beforeEach(startAfresh)

describe("GET /api/sources/{id}/pool", () => {
  it("gives each profile in the order in which they are tried, with what is held and what is left", async () => {
    await acme({
      maxStreams: 5,
      profiles: [profile("last", { priority: 9, maxStreams: 2 }), profile("first", { maxStreams: 1 })],
    })
    await hold("primary", 2)
    await hold("first", 1)
    await report("primary", { maxConnections: 4, elsewhere: 1, expiresAt: later })
    expect(await pool()).toEqual({
      ...{ active: 3, total: 7, available: 3 },
      profiles: [
        {
          ...{ id: "primary", name: "Primary", primary: true, enabled: true, priority: 0 },
          ...{ active: 2, max: 4, elsewhere: 1, available: 1, reason: null },
          ...{ status: "active", expiresAt: later, reportedAt: 1_800_000_000_000 },
        },
        {
          ...{ id: "first", name: "first", primary: false, enabled: true, priority: 1 },
          ...{ active: 1, max: 1, elsewhere: 0, available: 0, reason: null },
          ...{ status: null, expiresAt: null, reportedAt: null },
        },
        {
          ...{ id: "last", name: "last", primary: false, enabled: true, priority: 9 },
          ...{ active: 0, max: 2, elsewhere: 0, available: 2, reason: null },
          ...{ status: null, expiresAt: null, reportedAt: null },
        },
      ],
    })
  })

  it("counts what cannot be used neither as total nor as available, and says why", async () => {
    await acme({
      maxStreams: 3,
      profiles: [
        profile("off", { maxStreams: 10, enabled: false }),
        profile("banned", { maxStreams: 10 }),
        profile("expired", { maxStreams: 10 }),
        profile("refused", { maxStreams: 10 }),
      ],
    })
    await hold("off", 2)
    await report("banned", { status: "banned" })
    await report("expired", { expiresAt: 1 })
    await report("refused", { status: "unknown", at: 0, refusedUntil: later })
    const { active, total, available, profiles } = await pool()
    expect({ active, total, available }).toEqual({ active: 2, total: 3, available: 3 })
    const reasons = profiles.map((row) => [row.id, row.reason, row.status, row.available])
    expect(new Set(reasons)).toEqual(
      new Set([
        ["primary", null, null, 3],
        ["off", "disabled", null, 0],
        ["banned", "banned", "banned", 0],
        ["expired", "expired", "active", 0],
        ["refused", "refused", null, 0],
      ]),
    )
    expect(profiles.find(({ id }) => id === "refused")?.reportedAt).toBeNull()
  })

  it("has no total when a profile that can be used has no limit", async () => {
    await acme({ maxStreams: 3, profiles: [profile("free")] })
    expect(await pool()).toMatchObject({ active: 0, total: null, available: null })
    await acme({ maxStreams: 3, profiles: [profile("free", { enabled: false })] })
    expect(await pool()).toMatchObject({ total: 3, available: 3 })
  })

  it("is empty for a source that is disabled", async () => {
    await acme({ maxStreams: 3, enabled: false })
    expect(await pool()).toMatchObject({ total: 0, available: 0, profiles: [{ reason: "disabled" }] })
  })

  it("says that there is no such source", async () => {
    expect(await askMasked("/sources/none/pool")).toMatchObject({
      ...{ status: 404, body: { error: { code: "unknown_source", message: 'There is no source "none".' } } },
    })
  })
})
