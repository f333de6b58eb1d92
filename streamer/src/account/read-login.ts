import type { AccountReport } from "@tributary/shared/store/records"
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
  return {
    kind: "account",
    report: {
      maxConnections: max_connections !== null && max_connections > 0 ? max_connections : null,
      activeConnections: active_cons !== null && active_cons >= 0 ? active_cons : null,
      status: expiresAt !== null && expiresAt <= now ? "expired" : statusOf(status),
      expiresAt,
    },
  }
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
