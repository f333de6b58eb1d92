import type { ProfileReport } from "@tributary/shared/store/records"
import { z } from "zod"
import { ImportError } from "../import-error.ts"
import type { FetchAction } from "./read-list.ts"

const textOrNothing = z.union([z.string(), z.number()]).transform(String).catch("")
const numberOrNothing = z
  .union([z.string().trim().min(1), z.number()])
  .transform(Number)
  .refine(Number.isFinite)
  .nullable()
  .catch(null)

const loginSchema = z.object({
  user_info: z.object({
    auth: z.union([z.number(), z.string(), z.boolean()]),
    status: textOrNothing,
    exp_date: numberOrNothing,
    max_connections: numberOrNothing,
  }),
})

// A login answers in about 1 KB.
const maxLoginBytes = 1024 * 1024

/** What the panel says of the account, or an ImportError that tells a wrong login from an expired one. */
export async function readAccount(fetch: FetchAction, now: number): Promise<ProfileReport> {
  const parsed = loginSchema.safeParse(parseJson(await bodyOf(fetch(null))))
  if (!parsed.success) throw new ImportError("not_xtream", "the server's answer to the login is not Xtream's")
  const { auth, status, exp_date, max_connections } = parsed.data.user_info
  if (Number(auth) !== 1) throw new ImportError("login_failed", "the provider refused username or password")
  const expiresAt = exp_date === null || !(exp_date > 0) ? null : exp_date * 1000
  const report: ProfileReport = {
    maxConnections: max_connections !== null && max_connections > 0 ? max_connections : null,
    status: statusOf(status),
    expiresAt,
  }
  if (report.status === "expired" || (expiresAt !== null && expiresAt <= now))
    throw new ImportError("account_expired", "the provider says that this account has expired")
  if (report.status === "banned" || report.status === "disabled")
    throw new ImportError("account_banned", `the provider says that this account is ${report.status}`)
  return report
}

function statusOf(text: string): ProfileReport["status"] {
  const status = text.trim().toLowerCase()
  return status === "active" || status === "expired" || status === "banned" || status === "disabled"
    ? status
    : "unknown"
}

async function bodyOf(pieces: AsyncIterable<Buffer>): Promise<string> {
  const kept: Buffer[] = []
  let bytes = 0
  for await (const piece of pieces) {
    bytes += piece.length
    if (bytes > maxLoginBytes)
      throw new ImportError("not_xtream", "the server's answer to the login is not Xtream's")
    kept.push(piece)
  }
  return new TextDecoder().decode(Buffer.concat(kept))
}

function parseJson(body: string): unknown {
  try {
    return JSON.parse(body)
  } catch {
    throw new ImportError(
      "not_xtream",
      /^\s*</.test(body)
        ? "the server sent a web page instead of Xtream's answer"
        : "the server's answer is not Xtream's",
    )
  }
}
