import type { AccountReport } from "@tributary/shared/store/records"
import { readLogin } from "../../account/read-login.ts"
import { ImportError } from "../import-error.ts"
import type { FetchAction } from "./read-list.ts"

// A login answers in about 1 KB.
const maxLoginBytes = 1024 * 1024

/** What the panel says of the account, or an ImportError that tells a wrong login from an expired one. */
export async function readAccount(fetch: FetchAction, now: number): Promise<AccountReport> {
  const answer = readLogin(await bodyOf(fetch(null)), now)
  switch (answer.kind) {
    case "refused":
      throw new ImportError("login_failed", "the provider refused username or password")
    case "other":
      throw new ImportError(
        "not_xtream",
        answer.what === "web_page"
          ? "the server sent a web page instead of Xtream's answer"
          : "the server's answer to the login is not Xtream's",
      )
    case "account":
      return usable(answer.report)
  }
}

function usable(report: AccountReport): AccountReport {
  if (report.status === "expired")
    throw new ImportError("account_expired", "the provider says that this account has expired")
  if (report.status === "banned" || report.status === "disabled")
    throw new ImportError("account_banned", `the provider says that this account is ${report.status}`)
  return report
}

async function bodyOf(pieces: AsyncIterable<Buffer>): Promise<Buffer> {
  const kept: Buffer[] = []
  let bytes = 0
  for await (const piece of pieces) {
    bytes += piece.length
    if (bytes > maxLoginBytes)
      throw new ImportError("not_xtream", "the server's answer to the login is not Xtream's")
    kept.push(piece)
  }
  return Buffer.concat(kept)
}
