import * as z from "zod"
import { choice } from "../config/fields.ts"
import { keptLines, logLevels } from "../log/log-line.ts"

const mostLines = 500
const defaultLines = 200

/** The query of `GET /api/logs`, and with `after` of one streamer's own lines. */
export const logQuerySchema = z.strictObject({
  after: z
    .string()
    .max(4_000, "must have at most 4000 characters")
    .optional()
    .describe("`next` of the last answer; left out: the newest lines"),
  level: choice(...logLevels)
    .default("debug")
    .describe("The lowest that is shown"),
  search: z.string().max(200, "must have at most 200 characters").default("").describe("In whatever case"),
  limit: z
    .string()
    .regex(/^[1-9]\d{0,3}$/, "must be a whole number")
    .transform(Number)
    .refine((value) => value <= mostLines, `must be from 1 to ${mostLines}`)
    .default(defaultLines),
})

export type LogQuery = z.output<typeof logQuerySchema>

export const logLineSchema = z.object({
  seq: z.number().describe("Of the streamer's lines, from 1 on"),
  at: z.number().describe("Unix milliseconds, by the streamer's clock"),
  level: z.enum(logLevels),
  category: z.string().describe("Tier and stage, like streamer.pool"),
  message: z.string(),
  properties: z.record(z.string(), z.unknown()),
})

/** What a streamer says of its lines. */
export const streamerLogSchema = z.object({
  lines: z.array(logLineSchema).describe("Oldest first"),
  next: z.number().describe("What to give as `after` for what comes behind these"),
})

export type StreamerLog = z.output<typeof streamerLogSchema>

/** `GET /api/logs` */
export const logPageSchema = z.object({
  lines: z
    .array(logLineSchema.extend({ streamer: z.string() }))
    .describe(`Oldest first. Each streamer keeps its last ${keptLines}; addresses and logins are left out`),
  next: z.string().describe("What to give as `after` for what comes behind these"),
  unanswered: z.array(z.string()).describe("Streamers whose lines are missing"),
})

export type LogPage = z.output<typeof logPageSchema>
