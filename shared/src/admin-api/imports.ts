import * as z from "zod"

/** A job as `GET /api/imports` shows it. Times are Unix milliseconds. */
export const importRowSchema = z.object({
  id: z.string(),
  kind: z.enum(["source", "guide", "publish"]),
  source: z.string().nullable(),
  phase: z.enum([
    "waiting",
    "fetching",
    "grouping",
    "rendering",
    "uploading",
    "publishing",
    "done",
    "failed",
  ]),
  startedAt: z.number().nullable(),
  endedAt: z.number().nullable(),
  durationMs: z
    .number()
    .nullable()
    .describe("So far, while it runs; null when it never ran, or broke off with its streamer."),
  bytes: z.number(),
  entries: z.number(),
  keptEntries: z.number().describe("Entries of the last good import, which stay when a later one fails."),
  error: z.object({ code: z.string(), message: z.string() }).nullable(),
  problems: z.array(z.string()).describe("What could not be had although the job was done."),
  dueAt: z
    .number()
    .nullable()
    .describe("0: at once. Null: when something changes, or when the import that runs has ended."),
  running: z.boolean(),
})

export const importsSchema = z.array(importRowSchema)

/** What puts a job in the queue. */
export const queuedSchema = z.object({ queued: z.literal(true) })

export type ImportRow = z.output<typeof importRowSchema>
