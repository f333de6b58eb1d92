import type { AuditEntry } from "@tributary/shared/admin-api/audit"
import { keys } from "@tributary/shared/store/keys"
import { Hono } from "hono"
import { edgeOf } from "../../edge.ts"
import { fromStore } from "../../store-unavailable.ts"
import type { AdminEnvironment } from "../session/require-admin.ts"

/** `GET /api/audit`: the last thousand changes that were made by this API. */
export const audit = new Hono<AdminEnvironment>()

audit.get("/", async (context) => {
  const { redis } = await edgeOf(context.env)
  const stored = await fromStore(redis.lrange<string>(keys.audit, 0, -1))
  return context.json({ entries: stored.map((text) => JSON.parse(text) as AuditEntry) })
})
