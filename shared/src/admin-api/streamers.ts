import * as z from "zod"

/** One of `GET /api/streamers`: as it registered itself, at its last heartbeat. */
export const streamerSchema = z.object({
  id: z.string(),
  address: z.string().describe("Base URL that players are redirected to"),
  region: z.string().describe('"": none is set'),
  viewers: z.number(),
  maxViewers: z.number().nullable().describe("It is full with so many; null: it takes as many as come"),
  streams: z.number(),
  draining: z.boolean().describe("It takes no new viewers"),
  version: z.string(),
  lastSeenAt: z.number().describe("Unix milliseconds of the last heartbeat, by the store's clock"),
})

export type StreamerRow = z.output<typeof streamerSchema>

export const streamerListSchema = z.array(streamerSchema)
