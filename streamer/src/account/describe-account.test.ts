import type { AccountReport } from "@tributary/shared/store/records"
import { expect, it } from "vitest"
import { checkOfFailure, checkOfReport } from "./describe-account.ts"

const now = Date.UTC(2026, 0, 1)
const later = Date.UTC(2026, 4, 31, 23, 59)
const report = (more: Partial<AccountReport>): AccountReport => ({
  maxConnections: 2,
  activeConnections: 1,
  status: "active",
  expiresAt: later,
  ...more,
})

it.each([
  [{}, "The account is active: 1 of 2 connections in use; it expires on 2026-05-31."],
  [
    { maxConnections: 1, activeConnections: null, expiresAt: null },
    "The account is active: 1 connection allowed; no expiry date is given.",
  ],
  [{ maxConnections: null }, "The account is active: 1 in use, no limit is given; it expires on 2026-05-31."],
  [
    { maxConnections: null, activeConnections: null, expiresAt: null },
    "The account is active: no limit of connections is given; no expiry date is given.",
  ],
  [
    { status: "unknown" },
    "The provider takes this login but does not say whether the account is active: 1 of 2 connections in use.",
  ],
] as const)("an account that can be used is told with its connections and its end: %j", (more, message) => {
  const said = report(more)
  expect(checkOfReport(said, now)).toEqual({ ok: true, ...said, message })
})

it.each([
  [{ status: "expired", expiresAt: now - 1 }, "The account expired on 2025-12-31."],
  [{ status: "expired", expiresAt: null }, "The account has expired."],
  [{ status: "expired" }, "The account has expired."],
  [{ status: "banned" }, "The provider has banned this account."],
  [{ status: "disabled" }, "The provider has disabled this account."],
  [{ status: "wrong_password" }, "The provider refuses this username or password."],
] as const)("an account that cannot be used is told as such: %j", (more, message) => {
  const said = report(more)
  expect(checkOfReport(said, now)).toEqual({ ok: false, ...said, message })
})

it.each([
  ["wrong_password", "The provider refuses this username or password: the reason."],
  ["wrong_server", "This is not the right address of the provider: the reason."],
  ["server_down", "The server cannot be used at the moment: the reason."],
  ["timeout", "The server takes too long to answer: the reason."],
] as const)("%s is told with its reason", (problem, message) => {
  expect(checkOfFailure({ ok: false, problem, isOtherServer: false, reason: "the reason" })).toEqual({
    ...{ ok: false, status: problem, message },
    ...{ maxConnections: null, activeConnections: null, expiresAt: null },
  })
})
