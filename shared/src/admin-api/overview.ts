import * as z from "zod"
import { poolRowSchema } from "./sources.ts"

/** A point of the traffic's history covers so much time. */
export const trafficStepSeconds = 10
/** So many points are kept: an hour. */
export const trafficPoints = 360

export const trafficPointSchema = z.object({
  at: z.number().describe("Unix milliseconds of the step's beginning, a multiple of the step"),
  bytesPerSecondIn: z
    .number()
    .describe("From providers; what one streamer takes from another is not counted"),
  bytesPerSecondOut: z.number().describe("To players"),
  viewers: z.number().describe("At the step's end"),
  streams: z.number().describe("At the step's end; without transcodes"),
})

export type TrafficPoint = z.output<typeof trafficPointSchema>

const nowSchema = z.object({
  streams: z.number().describe("Live streams, and what viewers play alone; without transcodes"),
  viewers: z.number().describe("Players that watch"),
  bitsPerSecondIn: z.number().describe("From providers, over the last seconds"),
  bitsPerSecondOut: z.number().describe("To players, over the last seconds"),
})

/** What a streamer says of its traffic; in the overview, the sum over all. */
export const trafficReportSchema = z.object({
  now: nowSchema,
  stepSeconds: z.literal(trafficStepSeconds),
  points: z.array(trafficPointSchema).describe(`Oldest first, at most ${trafficPoints}`),
})

export type TrafficReport = z.output<typeof trafficReportSchema>

/** How full a source is. */
export const sourcePoolSchema = poolRowSchema.extend({
  source: z.string(),
  name: z.string().nullable(),
  enabled: z.boolean(),
})

export type SourcePool = z.output<typeof sourcePoolSchema>

export const failingFeedSchema = z.object({
  feed: z.string(),
  channel: z.string().describe("That it was opened for last"),
  channelName: z.string().nullable().describe("null: the catalogue does not know it any more, or hides it"),
  source: z.string(),
  failures: z.number().describe("Since it last opened"),
  blocks: z.number().describe("How often it was blocked since it last opened"),
  blockedUntil: z.number().nullable().describe("Unix milliseconds; null: it may be tried now"),
  lastFailureAt: z.number().describe("Unix milliseconds"),
})

export type FailingFeed = z.output<typeof failingFeedSchema>

/** `GET /api/overview` */
export const overviewSchema = z.object({
  now: nowSchema,
  traffic: trafficReportSchema.omit({ now: true }),
  pools: z.array(sourcePoolSchema),
  failingFeeds: z.array(failingFeedSchema).describe("Those that failed last first"),
  streamersByRegion: z.array(
    z.object({
      region: z.string().describe('"": none is set'),
      streamers: z.number(),
      viewers: z.number(),
    }),
  ),
  imports: z.object({
    running: z.number(),
    failed: z.number().describe("Whose last run failed, and that do not run now"),
  }),
  unanswered: z.array(z.string()).describe("Streamers that are missing in the sums"),
})

export type Overview = z.output<typeof overviewSchema>
