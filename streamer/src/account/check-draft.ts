import type { Settings } from "@tributary/shared/config/settings"
import { primaryProfileId } from "@tributary/shared/config/source-config"
import type { OpenSource } from "../upstream/open-feed.ts"
import { accountTarget } from "./account-target.ts"
import { type AccountAnswer, type Asking, askAccount } from "./ask-account.ts"
import { checkAccount } from "./check-account.ts"
import { type AccountCheck, checkOfFailure, checkOfReport, checkWithoutReport } from "./describe-account.ts"
import { type ListStart, readListStart } from "./list-start.ts"

export interface DraftCheck extends AccountCheck {
  /** What the address is better added as. */
  suggestedType: "xtream" | "m3u" | null
}

// When the panel's answer took nearly all of the time.
const leastPatienceMilliseconds = 1_000
const longestName = 40

/**
 * Finds out whether a source that is being typed could be imported: of a panel whether it takes the login; of a list
 * how it begins, and what the panel says that made it, if one did. Rejects only when the signal aborts it.
 */
export async function checkDraft(
  source: OpenSource,
  settings: Settings,
  asking: Asking,
): Promise<DraftCheck> {
  if (source.record.type === "xtream") {
    const { check } = await checkAccount(source, primaryProfileId, settings, asking)
    const isList = check.status === "wrong_server" && isListAddress(source.secret.url)
    return { ...check, suggestedType: isList ? "m3u" : null }
  }
  const target = accountTarget(source, primaryProfileId, settings)
  const startedAt = asking.now()
  // One after the other: panels take questions at once for an attack.
  const half = { ...asking, patienceMilliseconds: asking.patienceMilliseconds / 2 }
  const account = target === null ? null : await askAccount(target, half)
  const left = asking.patienceMilliseconds - Math.max(0, asking.now() - startedAt)
  const patienceMilliseconds = Math.max(leastPatienceMilliseconds, left)
  const whenRefused = account === null ? "wrong_server" : "wrong_password"
  const list = await readListStart(
    source,
    source.secret.url,
    settings,
    { ...asking, patienceMilliseconds },
    whenRefused,
  )
  const suggestedType = account?.ok === true ? "xtream" : null
  return { ...checkOfList(list, account, asking.now()), suggestedType }
}

/** What both say together; the account's is null when the list has no login. */
function checkOfList(
  list: Awaited<ReturnType<typeof readListStart>>,
  account: AccountAnswer | null,
  now: number,
): AccountCheck {
  if (account?.ok === true) {
    const check = checkOfReport(account.report, now)
    if (!check.ok) return check
    if (list.ok) return withWords(check, list)
    const { message } = checkOfFailure(list)
    const advice = "Its Xtream panel takes the login, though: it can be added as an Xtream source."
    return { ...check, ok: false, status: list.problem, message: `${message} ${advice}` }
  }
  // Such a panel makes a list for anybody, and none of its streams can be played.
  if (account?.problem === "wrong_password") return checkOfFailure(account)
  if (!list.ok) return checkOfFailure(list)
  const check =
    account === null
      ? ({ ok: true, status: "active", message: "It needs no login." } as const)
      : ({ ok: true, status: "unknown", message: untold } as const)
  return withWords(checkWithoutReport(check), list)
}

const untold = "Its server does not tell how many connections are allowed or when the account expires."

function withWords(check: AccountCheck, list: ListStart): AccountCheck {
  if (list.isWhole && list.entries === 0)
    return { ...check, ok: false, message: "The list can be read, but it holds no channel." }
  return { ...check, message: `${listWords(list)} ${check.message}` }
}

function listWords({ bytes, isWhole, entries, names }: ListStart): string {
  if (entries === 1 && names.length === 0) return "The list can be read: it is the stream of one channel."
  const size = isWhole ? "It has" : `Its first ${Math.round(bytes / 1024)} KB have`
  const first = names.map((name) => `"${shortened(name)}"`).join(", ")
  const count = `${entries} ${entries === 1 ? "entry" : "entries"}`
  return `The list can be read. ${size} ${count}${first === "" ? "" : `, the first of them ${first}`}.`
}

function shortened(name: string): string {
  const letters = [...name]
  return letters.length <= longestName ? name : `${letters.slice(0, longestName - 1).join("")}…`
}

/** Of a list, and not of an Xtream server. */
function isListAddress(url: string): boolean {
  const { pathname, search } = new URL(url)
  return search !== "" || /\.(?:m3u8?|php)$/i.test(pathname)
}
