import type { AccountReport } from "@tributary/shared/store/records"
import type { AccountFailure } from "./ask-account.ts"

/** The answer of `…/test` (CONTRACT.md). */
export interface AccountCheck {
  /** It can be used. */
  ok: boolean
  status: AccountReport["status"] | "wrong_server" | "server_down" | "timeout"
  maxConnections: number | null
  activeConnections: number | null
  /** Unix milliseconds. */
  expiresAt: number | null
  /** One sentence for people; no address and no credential in it. */
  message: string
}

/** What a panel's answer means for the user; `now` in Unix milliseconds. */
export function checkOfReport(report: AccountReport, now: number): AccountCheck {
  const { clock: _, ...told } = report
  const ok = told.status === "active" || told.status === "unknown"
  return { ok, ...told, message: wordsOf(report, now) }
}

/** What a failure to ask means for the user. */
export function checkOfFailure({ problem, reason }: AccountFailure): AccountCheck {
  return { ...nothingKnown, ok: false, status: problem, message: `${problemWords[problem]}: ${reason}.` }
}

/** The server of a list does not tell of accounts; what its list says is all that can be known. */
export function checkWithoutReport(check: Pick<AccountCheck, "ok" | "status" | "message">): AccountCheck {
  return { ...nothingKnown, ...check }
}

const nothingKnown = { maxConnections: null, activeConnections: null, expiresAt: null }

const problemWords: Record<AccountFailure["problem"], string> = {
  wrong_password: "The provider refuses this username or password",
  wrong_server: "This is not the right address of the provider",
  server_down: "The server cannot be used at the moment",
  timeout: "The server takes too long to answer",
}

function wordsOf(report: AccountReport, now: number): string {
  const { status, expiresAt } = report
  const connections = connectionWords(report)
  switch (status) {
    case "active": {
      const expiry = expiresAt === null ? "no expiry date is given" : `it expires on ${dayOf(expiresAt)}`
      return `The account is active: ${connections}; ${expiry}.`
    }
    case "unknown":
      return `The provider takes this login but does not say whether the account is active: ${connections}.`
    case "expired":
      // A panel may say so before the day that it names.
      return expiresAt === null || expiresAt > now
        ? "The account has expired."
        : `The account expired on ${dayOf(expiresAt)}.`
    case "banned":
      return "The provider has banned this account."
    case "disabled":
      return "The provider has disabled this account."
    case "wrong_password":
      return `${problemWords.wrong_password}.`
  }
}

function connectionWords({ maxConnections: max, activeConnections: active }: AccountReport): string {
  if (max === null)
    return active === null ? "no limit of connections is given" : `${active} in use, no limit is given`
  const connections = `${max} ${max === 1 ? "connection" : "connections"}`
  return active === null ? `${connections} allowed` : `${active} of ${connections} in use`
}

function dayOf(milliseconds: number): string {
  return new Date(milliseconds).toISOString().slice(0, 10)
}
