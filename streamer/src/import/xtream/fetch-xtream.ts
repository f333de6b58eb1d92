import type { Entry } from "@tributary/shared/catalogue/entry"
import type { ProfileReport } from "@tributary/shared/store/records"
import { z } from "zod"
import { ImportError } from "../import-error.ts"

// Panels mix strings and numbers, send null, false or a list for nothing, and objects in place of lists.
// One odd value costs itself, never the channel or the account that it is in.
const text = z
  .union([z.string(), z.number()])
  .transform((value) => String(value).trim())
  .refine((value) => value !== "")
const textOrNothing = z.union([z.string(), z.number()]).transform(String).catch("")
const numberOrNothing = z
  .union([z.string().trim().min(1), z.number()])
  .transform(Number)
  .refine(Number.isFinite)
  .nullable()
  .catch(null)
const listOf = <T extends z.ZodType>(item: T) =>
  z.union([z.array(z.unknown()), z.record(z.string(), z.unknown())]).transform((value) =>
    Object.values(value).flatMap((one) => {
      const parsed = item.safeParse(one)
      return parsed.success ? [parsed.data] : []
    }),
  )

const loginSchema = z.object({
  user_info: z.object({
    auth: z.union([z.number(), z.string(), z.boolean()]),
    status: textOrNothing,
    exp_date: numberOrNothing,
    max_connections: numberOrNothing,
  }),
})
const categorySchema = z.object({ category_id: text, category_name: textOrNothing })
const streamSchema = z.object({
  name: textOrNothing,
  stream_id: text,
  stream_icon: textOrNothing,
  epg_channel_id: textOrNothing,
  category_id: textOrNothing,
  category_ids: z.array(text).catch([]),
})

export interface XtreamAnswers {
  /** The answer of `player_api.php` with an action, or of the login without one. */
  call: (action: string | null) => Promise<string>
}

/** What the panel says of the account, or an ImportError that tells a wrong login from an expired one. */
export async function readAccount({ call }: XtreamAnswers, now: number): Promise<ProfileReport> {
  const parsed = loginSchema.safeParse(parseJson(await call(null)))
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

/** The live channels of an account, with their category as group. */
export async function readLiveEntries({ call }: XtreamAnswers): Promise<Entry[]> {
  const categories = listOf(categorySchema).safeParse(parseJson(await call("get_live_categories")))
  const answer = parseJson(await call("get_live_streams"))
  const streams = listOf(streamSchema).safeParse(answer)
  // An unknown or refused action is answered as a login.
  if (!streams.success || loginSchema.safeParse(answer).success)
    throw new ImportError("not_xtream", "the server's list of channels is not Xtream's")
  const names = new Map((categories.data ?? []).map((one) => [one.category_id, one.category_name]))
  return streams.data.map((stream) => {
    const ids = stream.category_ids.length > 0 ? stream.category_ids : [stream.category_id]
    const groups = ids.flatMap((id) => names.get(id) || [])
    const name = stream.name.trim() || `Channel ${stream.stream_id}`
    const attributes: [string, string][] = [
      ["tvg-id", stream.epg_channel_id],
      ["tvg-name", name],
      ["tvg-logo", stream.stream_icon],
      ["group-title", groups.join(";")],
    ]
    return {
      name,
      attributes,
      groups,
      locator: { kind: "xtream", streamId: stream.stream_id, extension: "ts" },
    }
  })
}

function statusOf(text: string): ProfileReport["status"] {
  const status = text.toLowerCase()
  return status === "active" || status === "expired" || status === "banned" || status === "disabled"
    ? status
    : "unknown"
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
