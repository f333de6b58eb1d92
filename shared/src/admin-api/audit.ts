import * as z from "zod"

/** A change that was made by the admin API. */
export const auditEntrySchema = z.object({
  at: z.number().describe("Unix milliseconds."),
  by: z.enum(["session", "token"]).describe("The dashboard's session, or the admin token in a header."),
  address: z.string().describe("Where the request came from; empty when that is not known."),
  method: z.enum(["POST", "PUT", "PATCH", "DELETE"]),
  path: z.string().describe("Below /api."),
  status: z.number(),
  change: z.unknown().describe("The body, without secrets, and shortened; null when there was none."),
})

export const auditSchema = z.object({ entries: z.array(auditEntrySchema).describe("The newest first.") })

export type AuditEntry = z.output<typeof auditEntrySchema>
