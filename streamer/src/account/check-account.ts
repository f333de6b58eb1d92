import type { Settings } from "@tributary/shared/config/settings"
import type { AccountReport } from "@tributary/shared/store/records"
import type { OpenSource } from "../upstream/open-feed.ts"
import { accountTarget, listAddress } from "./account-target.ts"
import { type Asking, askAccount } from "./ask-account.ts"
import { type AccountCheck, checkOfFailure, checkOfReport, checkWithoutReport } from "./describe-account.ts"
import { readListStart } from "./list-start.ts"
import { refusedReport, untoldReport } from "./read-login.ts"

export interface CheckedAccount {
  check: AccountCheck
  /** What is to be kept of it; null: nothing is known for certain. */
  report: AccountReport | null
}

// When the panel's answer took nearly all of the time.
const leastPatienceMilliseconds = 1_000

/**
 * Finds out whether a profile of a source can be used now. A list whose server is no Xtream panel, or that needs
 * no login, is told by the list itself. Rejects only when the signal aborts it.
 */
export async function checkAccount(
  source: OpenSource,
  profile: string,
  settings: Settings,
  asking: Asking,
): Promise<CheckedAccount> {
  const target = accountTarget(source, profile, settings)
  if (target === null) return checkOpenList(source, settings, asking)
  const startedAt = asking.now()
  const answer = await askAccount(target, asking)
  if (answer.ok) return { check: checkOfReport(answer.report, asking.now()), report: answer.report }
  if (target.isList && answer.isOtherServer) {
    const left = asking.patienceMilliseconds - Math.max(0, asking.now() - startedAt)
    const patienceMilliseconds = Math.max(leastPatienceMilliseconds, left)
    return checkClosedList(source, profile, settings, { ...asking, patienceMilliseconds })
  }
  const isRefused = answer.problem === "wrong_password"
  return { check: checkOfFailure(answer), report: isRefused ? refusedReport : null }
}

async function checkOpenList(
  source: OpenSource,
  settings: Settings,
  asking: Asking,
): Promise<CheckedAccount> {
  const list = await readListStart(source, source.secret.url, settings, asking, "wrong_server")
  if (!list.ok) return { check: checkOfFailure(list), report: null }
  const message = "The list can be read; it needs no login."
  return { check: checkWithoutReport({ ok: true, status: "active", message }), report: null }
}

async function checkClosedList(
  source: OpenSource,
  profile: string,
  settings: Settings,
  asking: Asking,
): Promise<CheckedAccount> {
  const url = listAddress(source, profile)
  if (url === null) {
    const message =
      "The list's server is no Xtream panel, and the list's address does not hold the login, so this account cannot be tested."
    return { check: checkWithoutReport({ ok: false, status: "unknown", message }), report: null }
  }
  const list = await readListStart(source, url, settings, asking, "wrong_password")
  // Nobody asks again of their own accord, so a refusal that is kept would be for ever.
  if (!list.ok) return { check: checkOfFailure(list), report: null }
  const message =
    "The list can be read, but its server is no Xtream panel: it does not tell how many connections are allowed or when the account expires."
  return { check: checkWithoutReport({ ok: true, status: "unknown", message }), report: untoldReport }
}
