import { describe, expect, it } from "vitest"
import { readLogin } from "./read-login.ts"

const now = Date.UTC(2026, 0, 1)
const read = (answer: unknown) =>
  readLogin(Buffer.from(typeof answer === "string" ? answer : JSON.stringify(answer)), now)
const account = (user: object) => {
  const answer = read({ user_info: { auth: 1, status: "Active", ...user } })
  if (answer.kind !== "account") throw new Error(answer.kind)
  return answer.report
}

describe("what a panel says of an account", () => {
  it.each([
    ["2", 2],
    [2, 2],
    ["0", 0],
    [0, 0],
    ["", null],
    [null, null],
    [undefined, null],
    [false, null],
    ["some", null],
    [-1, null],
  ])("counts %j connections in use as %j", (active_cons, expected) => {
    expect(account({ active_cons }).activeConnections).toBe(expected)
  })

  it.each([
    ["2", 2],
    [2, 2],
    ["0", null],
    [0, null],
    ["", null],
    [null, null],
    [undefined, null],
    [[], null],
    [-1, null],
  ])("takes %j allowed connections for %j: none is no limit", (max_connections, expected) => {
    expect(account({ max_connections }).maxConnections).toBe(expected)
  })

  it.each([
    [{ timezone: "Europe/London" }, { timeZone: "Europe/London" }],
    [
      { timezone: " Asia/Kolkata ", time_now: "2026-01-01 05:30:02", timestamp_now: now / 1000 },
      { timeZone: "Asia/Kolkata", offsetMinutes: 330 },
    ],
    [{ time_now: "2025-12-31 18:59:58", timestamp_now: String(now / 1000) }, { offsetMinutes: -300 }],
    [{ timezone: "", time_now: "2026-01-01 00:00:01", timestamp_now: now / 1000 }, { offsetMinutes: 0 }],
    [{ timezone: "x".repeat(65), time_now: "noon", timestamp_now: now / 1000 }, undefined],
    [{ time_now: "2026-02-01 00:00:00", timestamp_now: now / 1000 }, undefined],
    [{ timezone: null, time_now: 7 }, undefined],
    [null, undefined],
    ["none", undefined],
    [undefined, undefined],
  ])("takes %j for a clock of %j", (server_info, expected) => {
    const answer = read({ user_info: { auth: 1 }, server_info })
    expect(answer).toMatchObject({ kind: "account" })
    if (answer.kind === "account") expect(answer.report.clock).toEqual(expected)
  })

  it("has a status of its own, or none that is known", () => {
    for (const status of ["active", "expired", "banned", "disabled"]) {
      expect(account({ status: status.toUpperCase() }).status).toBe(status)
      expect(account({ status: ` ${status} ` }).status).toBe(status)
    }
    for (const status of ["Trial", "", null, 7, {}, undefined])
      expect(account({ status }).status).toBe("unknown")
  })

  it("is that it has expired when its time is over, whatever its status", () => {
    for (const status of ["Active", "Trial", "Banned"]) {
      expect(account({ status, exp_date: now / 1000 })).toMatchObject({ status: "expired", expiresAt: now })
      expect(account({ status, exp_date: String(now / 1000 - 1) }).status).toBe("expired")
    }
    expect(account({ exp_date: now / 1000 + 1 })).toMatchObject({ status: "active", expiresAt: now + 1000 })
  })

  it("is that it never expires when the date is none, or is after the end of time", () => {
    for (const exp_date of [null, 0, "", "never", 1e13, "99999999999999", undefined])
      expect(account({ exp_date }), String(exp_date)).toMatchObject({ status: "active", expiresAt: null })
  })

  it("is a refusal in an answer that looks good", () => {
    for (const auth of [0, "0", false, "", "false", 2])
      expect(read({ user_info: { auth, status: "Active" }, server_info: {} }), String(auth)).toEqual({
        kind: "refused",
      })
    for (const auth of [1, "1", true]) expect(account({ auth }).status).toBe("active")
  })

  it.each([
    ["<!DOCTYPE html><html>", "web_page"],
    [" \n<html>", "web_page"],
    ["", "nothing"],
    [" \n", "nothing"],
    ["nonsense", "unknown"],
    ["{", "unknown"],
    ["[]", "unknown"],
    ["null", "unknown"],
    ['{"user_info":[]}', "unknown"],
    ['{"user_info":{}}', "unknown"],
    ['{"status":"ok"}', "unknown"],
  ] as const)("is no answer of a panel when %j comes", (text, what) => {
    expect(read(text)).toEqual({ kind: "other", what })
  })

  it("may have a byte order mark before it, as a PHP file's own", () => {
    expect(read(`\u{FEFF}\n${JSON.stringify({ user_info: { auth: 1 } })}`)).toMatchObject({ kind: "account" })
  })
})
