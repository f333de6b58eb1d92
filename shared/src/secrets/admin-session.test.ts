import { beforeAll, describe, expect, it } from "vitest"
import { adminSessionSeconds, signAdminSession, verifyAdminSession } from "./admin-session.ts"
import { deriveKeys, type Keys } from "./keys.ts"
import { tierAuthorization } from "./tier-token.ts"

const now = 1_800_000_000
let keys: Keys

beforeAll(async () => {
  keys = await deriveKeys("a secret of an installation, long enough")
})

describe("a session of the dashboard", () => {
  it("lasts two weeks", async () => {
    const session = await signAdminSession(keys, "token", now)
    const end = now + adminSessionSeconds
    expect(await verifyAdminSession(keys, "token", session, end - 1)).toBe(end)
    expect(await verifyAdminSession(keys, "token", session, end + 1)).toBeNull()
  })

  it("ends when the admin token is another one, and is not known elsewhere", async () => {
    const session = await signAdminSession(keys, "token", now)
    expect(await verifyAdminSession(keys, "token2", session, now)).toBeNull()
    const others = await deriveKeys("a secret of another installation, long enough")
    expect(await verifyAdminSession(others, "token", session, now)).toBeNull()
  })

  it("cannot be had from what the tiers sign for each other", async () => {
    const token = (await tierAuthorization(keys, "edge-internal", now)).slice("Bearer ".length)
    expect(await verifyAdminSession(keys, "token", token, now)).toBeNull()
    for (const text of ["", "x", "a.b.c"])
      expect(await verifyAdminSession(keys, "token", text, now)).toBeNull()
  })
})
