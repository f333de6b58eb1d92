import type { AccountReport, PanelClock } from "@tributary/shared/store/records"
import { z } from "zod"

/** What a server answered to a login; what else than an Xtream answer it may have been. */
export type LoginAnswer =
  | { kind: "account"; report: AccountReport }
  | { kind: "refused" }
  | { kind: "other"; what: "web_page" | "nothing" | "unknown" }

const nothingSaid = { maxConnections: null, activeConnections: null, expiresAt: null }

/** What is kept of an account whose login is refused. */
export const refusedReport: AccountReport = { ...nothingSaid, status: "wrong_password" }

/** What is kept of an account whose server does not tell of accounts. */
export const untoldReport: AccountReport = { ...nothingSaid, status: "unknown" }

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
    active_cons: numberOrNothing,
  }),
  server_info: z
    .object({ timezone: textOrNothing, time_now: textOrNothing, timestamp_now: numberOrNothing })
    .nullable()
    .catch(null),
})

// A `Date` holds no later one (ECMA-262 21.4.1.1); some panels write "never" as a huge number.
const latestMilliseconds = 8.64e15

/**
 * Reads the answer of `player_api.php` to a login (Xtream `user_info`). A panel may answer 200 to a wrong
 * password: `auth` decides. An account whose time is over is expired, whatever else its status says.
 */
export function readLogin(body: Uint8Array, now: number): LoginAnswer {
  const text = new TextDecoder().decode(body)
  const parsed = loginSchema.safeParse(jsonOf(text))
  if (!parsed.success) return { kind: "other", what: whatCame(text) }
  const { auth, status, exp_date, max_connections, active_cons } = parsed.data.user_info
  if (Number(auth) !== 1) return { kind: "refused" }
  const expiresAt = dateOf(exp_date)
  const clock = parsed.data.server_info === null ? null : clockOf(parsed.data.server_info)
  return {
    kind: "account",
    report: {
      maxConnections: max_connections !== null && max_connections > 0 ? max_connections : null,
      activeConnections: active_cons !== null && active_cons >= 0 ? active_cons : null,
      status: expiresAt !== null && expiresAt <= now ? "expired" : statusOf(status),
      expiresAt,
      ...(clock === null ? {} : { clock }),
    },
  }
}

// Local times are up to 14 hours ahead of UTC and 12 behind; all are whole quarters of an hour.
const quarterMinutes = 15
const mostOffsetMinutes = 14 * 60
const longestName = 64

/** Null when the panel says nothing that is of use. */
function clockOf(info: {
  timezone: string
  time_now: string
  timestamp_now: number | null
}): PanelClock | null {
  const timeZone = info.timezone.trim()
  const offsetMinutes = offsetOf(info.time_now, info.timestamp_now)
  const isName = timeZone !== "" && timeZone.length <= longestName
  if (!isName && offsetMinutes === null) return null
  return { ...(isName ? { timeZone } : {}), ...(offsetMinutes === null ? {} : { offsetMinutes }) }
}

/** By `time_now`, which is local (`2026-01-31 18:30:00`), and `timestamp_now`, which is not. */
function offsetOf(local: string, seconds: number | null): number | null {
  const match = /^(\d{4})-(\d\d)-(\d\d)[ T](\d\d):(\d\d)(?::(\d\d))?$/.exec(local.trim())
  if (match === null || seconds === null) return null
  const [year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0] = match.slice(1).map(Number)
  const ahead = Date.UTC(year, month - 1, day, hour, minute, second || 0) / 1000 - seconds
  const minutes = Math.round(ahead / 60 / quarterMinutes) * quarterMinutes
  return Math.abs(minutes) <= mostOffsetMinutes ? minutes || 0 : null
}

function dateOf(seconds: number | null): number | null {
  if (seconds === null || !(seconds > 0) || seconds * 1000 > latestMilliseconds) return null
  return seconds * 1000
}

function statusOf(text: string): AccountReport["status"] {
  const status = text.trim().toLowerCase()
  return status === "active" || status === "expired" || status === "banned" || status === "disabled"
    ? status
    : "unknown"
}

/** Undefined for what is no JSON. */
function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

function whatCame(text: string): Extract<LoginAnswer, { kind: "other" }>["what"] {
  const start = text.slice(0, 1024).trimStart()
  if (start === "") return "nothing"
  return start.startsWith("<") ? "web_page" : "unknown"
}
