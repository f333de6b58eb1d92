import type { AccountReport } from "@tributary/shared/store/records"
import { describeFailure, type UpstreamFailure } from "../upstream/upstream.ts"
import type { AccountTarget } from "./account-target.ts"
import { fetchStart } from "./fetch-start.ts"
import { type LoginAnswer, readLogin } from "./read-login.ts"

/**
 * Why nothing is known of an account. `wrong_server`: its name is unknown, or what answers is no Xtream panel;
 * `server_down`: it is unreachable, breaks off, or says that it cannot answer now.
 */
export type AccountProblem = "wrong_password" | "wrong_server" | "server_down" | "timeout"

export interface AccountFailure {
  ok: false
  problem: AccountProblem
  /** Something answered that is certainly no Xtream panel. */
  isOtherServer: boolean
  /** What came, as the end of a sentence for people; no address and no credential in it. */
  reason: string
}

export type AccountAnswer = { ok: true; report: AccountReport } | AccountFailure

export interface Asking {
  /** For the whole answer, redirects included. */
  patienceMilliseconds: number
  /** Unix milliseconds: an account whose time is over has expired. */
  now: () => number
  signal: AbortSignal
}

// A login answers in about 1 KB.
const maxBytes = 1024 * 1024

const otherWords: Record<Extract<LoginAnswer, { kind: "other" }>["what"], string> = {
  web_page: "it sent a web page",
  nothing: "its answer is empty",
  unknown: "its answer is not Xtream's",
}

/** Asks a panel what it says of an account. Rejects only when the signal aborts it. */
export async function askAccount(target: AccountTarget, asking: Asking): Promise<AccountAnswer> {
  const { url, headers, isList } = target
  const { patienceMilliseconds, now, signal } = asking
  const fetched = await fetchStart({ url, headers, maxBytes, patienceMilliseconds, signal })
  // Web servers refuse what they do not have in the same way: of a list's account it says nothing.
  if (!fetched.ok) return fromFailure(fetched.failure, isList ? "wrong_server" : "wrong_password")
  const answer = readLogin(fetched.bytes, now())
  switch (answer.kind) {
    case "account":
      return { ok: true, report: answer.report }
    case "refused":
      return failed("wrong_password", "the login was refused")
    case "other":
      return otherServer(otherWords[answer.what])
  }
}

/** What a request that failed says of the account; `whenRefused` is what 401 and 403 mean for it. */
export function fromFailure(
  failure: UpstreamFailure,
  whenRefused: "wrong_password" | "wrong_server",
): AccountFailure {
  const reason = describeFailure(failure)
  switch (failure.code) {
    case "http_status": {
      const { status } = failure
      if ((status === 401 || status === 403) && whenRefused === "wrong_password")
        return failed("wrong_password", reason)
      // A panel that is asked too often, or is slow itself, is no other server.
      if (status >= 500 || status === 429 || status === 408) return failed("server_down", reason)
      return otherServer(reason)
    }
    case "protocol_error":
      return otherServer(reason)
    case "unresolved":
    case "bad_address":
      return failed("wrong_server", reason)
    case "timeout":
    case "stalled":
      return failed("timeout", reason)
    default:
      return failed("server_down", reason)
  }
}

/** It is the wrong one, and one that answers. */
export function otherServer(reason: string): AccountFailure {
  return { ok: false, problem: "wrong_server", isOtherServer: true, reason }
}

function failed(problem: AccountProblem, reason: string): AccountFailure {
  return { ok: false, problem, isOtherServer: false, reason }
}
