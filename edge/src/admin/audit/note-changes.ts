import type { AuditEntry } from "@tributary/shared/admin-api/audit"
import { log } from "@tributary/shared/log/log"
import { keys } from "@tributary/shared/store/keys"
import type { Context, Next } from "hono"
import { type Edge, edgeOf } from "../../edge.ts"
import { callerAddress } from "../session/caller-address.ts"
import type { AdminEnvironment } from "../session/require-admin.ts"
import { shownChange } from "./shown-change.ts"

const logger = log("edge", "admin")

const mostEntries = 1_000

const changing = new Set(["POST", "PUT", "PATCH", "DELETE"])

/** Puts every change that was made into the audit list, before it is answered. */
export async function noteChanges(context: Context<AdminEnvironment>, next: Next): Promise<void> {
  const { method } = context.req
  const body = changing.has(method) ? await context.req.text() : ""
  await next()
  // A test changes nothing.
  if (!changing.has(method) || !context.res.ok || (method === "POST" && context.req.path.endsWith("/test")))
    return
  const edge = await edgeOf(context.env)
  const url = new URL(context.req.url)
  const entry = {
    at: Date.now(),
    by: context.get("by"),
    address: callerAddress(context.req, edge.config),
    method: method as AuditEntry["method"],
    path: `${url.pathname.replace(/^\/api/, "")}${url.search}`,
    status: context.res.status,
    change: shownChange(body),
  }
  logger.info("{method} {path} by {by}", { ...entry })
  await keep(edge, entry)
}

// The change is in force by now: that the list could not be written is no reason to call it failed.
async function keep({ redis }: Edge, entry: AuditEntry): Promise<void> {
  const change = redis
    .multi()
    .lpush(keys.audit, JSON.stringify(entry))
    .ltrim(keys.audit, 0, mostEntries - 1)
  await change.exec().catch((error: unknown) => {
    logger.error("a change is missing in the audit list", { path: entry.path, error: String(error) })
  })
}
