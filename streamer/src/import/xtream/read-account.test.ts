import { describe, expect, it } from "vitest"
import { readAccount } from "./read-account.ts"

const now = Date.UTC(2026, 0, 1)
const account = (answer: unknown) =>
  readAccount(async function* (action) {
    expect(action).toBeNull()
    const bytes = Buffer.from(typeof answer === "string" ? answer : JSON.stringify(answer))
    for (let at = 0; at < bytes.length; at += 7) yield bytes.subarray(at, at + 7)
  }, now)
const login = (user: object) =>
  account({ user_info: { auth: 1, status: "Active", ...user }, server_info: {} })

describe("an account", () => {
  it.each([
    [
      { max_connections: "2", exp_date: "1893456000" },
      { maxConnections: 2, expiresAt: 1_893_456_000_000 },
    ],
    [
      { max_connections: 3, exp_date: 1_893_456_000 },
      { maxConnections: 3, expiresAt: 1_893_456_000_000 },
    ],
    [
      { max_connections: "0", exp_date: null },
      { maxConnections: null, expiresAt: null },
    ],
    [
      { max_connections: 0, exp_date: "" },
      { maxConnections: null, expiresAt: null },
    ],
    [
      { max_connections: null, exp_date: "null" },
      { maxConnections: null, expiresAt: null },
    ],
    [
      { max_connections: [], exp_date: false },
      { maxConnections: null, expiresAt: null },
    ],
    [
      { max_connections: "many", exp_date: 0 },
      { maxConnections: null, expiresAt: null },
    ],
    [
      { active_cons: "1", max_connections: "2" },
      { maxConnections: 2, activeConnections: 1, expiresAt: null },
    ],
    [{}, { maxConnections: null, expiresAt: null }],
  ])("with %j is read", async (user, expected) => {
    for (const auth of [1, "1", true])
      expect(await login({ ...user, auth })).toEqual({
        status: "active",
        activeConnections: null,
        ...expected,
      })
  })

  it("may have any status", async () => {
    expect((await login({ status: "ACTIVE" })).status).toBe("active")
    for (const status of ["Trial", null, 7, {}, undefined])
      expect((await login({ status })).status).toBe("unknown")
  })

  it.each([
    ["login_failed", { user_info: { auth: 0 } }],
    ["login_failed", { user_info: { auth: "0" } }],
    ["login_failed", { user_info: { auth: false } }],
    ["login_failed", { user_info: { auth: 0, status: "Expired" } }],
    ["account_expired", { user_info: { auth: 1, status: "Expired" } }],
    ["account_expired", { user_info: { auth: 1, status: "Active", exp_date: String(now / 1000) } }],
    ["account_expired", { user_info: { auth: 1, status: "Active", exp_date: now / 1000 - 1 } }],
    ["account_banned", { user_info: { auth: 1, status: "Banned" } }],
    ["account_banned", { user_info: { auth: "1", status: "Disabled", exp_date: null } }],
    ["not_xtream", []],
    ["not_xtream", null],
    ["not_xtream", {}],
    ["not_xtream", { user_info: [] }],
    ["not_xtream", { user_info: null }],
    ["not_xtream", "<html><body>404</body></html>"],
    ["not_xtream", ""],
    ["not_xtream", "{"],
  ])("is refused as %s for %j", async (code, answer) => {
    await expect(account(answer)).rejects.toMatchObject({ name: "ImportError", code })
  })

  it("that is refused by a web page is told from other nonsense", async () => {
    await expect(account(" \n<html>")).rejects.toThrow("web page")
    await expect(account("nonsense")).rejects.toThrow("is not Xtream's")
  })

  it("is not held whole when it does not end", async () => {
    async function* endless() {
      for (;;) yield Buffer.alloc(65_536, " ")
    }
    await expect(readAccount(endless, now)).rejects.toMatchObject({ code: "not_xtream" })
  })
})
