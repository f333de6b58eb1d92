import * as z from "zod"

const known = "null: not known yet, or there is none"

export const streamKinds = ["live", "transcode", "movie", "episode", "catchup"] as const
export const streamStates = ["live", "idle", "failing", "closing"] as const

export const streamAudioSchema = z.object({
  codec: z.string(),
  channels: z.number().nullable().describe(known),
  sampleRate: z.number().nullable().describe(`In Hz; ${known}`),
  language: z.string().nullable().describe("ISO 639, three letters, as the stream has it"),
})

/** One that runs now: a live stream, a transcode of one, or what one viewer plays alone. */
export const streamSchema = z.object({
  id: z.string().describe("Unique on its streamer; a stream that is relayed has the id of its origin there"),
  streamer: z.string().describe("Where it runs"),
  channel: z.string(),
  channelName: z.string().nullable().describe("null: the catalogue does not know it, or does not answer"),
  kind: z.enum(streamKinds),
  state: z
    .enum(streamStates)
    .describe('"idle": nobody watches just now; "failing": nothing comes, viewers are kept waiting'),
  source: z.string(),
  sourceName: z.string().nullable().describe("null: it has none, or there is no such source any more"),
  profile: z.string().describe("Provider profile"),
  feed: z.string(),
  feedPosition: z
    .number()
    .nullable()
    .describe("Of the feed in the channel's failover order, from 1; null: not known"),
  feeds: z.number().nullable().describe("How many the channel has; null: not known"),
  isFailover: z.boolean().describe("It runs on another feed than the channel's first"),
  viewers: z.number().describe("Connections of players; those of relaying streamers are counted there"),
  relays: z.number().describe("Streamers that take it from here"),
  bitsPerSecond: z.number().describe("Received, of a transcode made, over the last seconds; 0 of a file"),
  bytesIn: z.number(),
  bytesOut: z.number(),
  startedAt: z.number().describe("Unix milliseconds"),
  failovers: z.number().describe("Changes from one feed, or connection, to another"),
  lastFailure: z.string().nullable().describe("Why the newest of them happened, in words"),
  videoCodec: z.string().nullable().describe(known),
  width: z.number().nullable().describe(`In pixels, as shown; ${known}`),
  height: z.number().nullable().describe(`In pixels, as shown; ${known}`),
  framesPerSecond: z.number().nullable().describe(known),
  audio: z.array(streamAudioSchema),
  transcodeProfile: z.string().nullable().describe("Of a transcode: the one it was first asked for by"),
  relayOf: z.string().nullable().describe("The streamer that it is taken from; null: from the provider"),
})

export type Stream = z.output<typeof streamSchema>

/** `GET /api/streams` */
export const streamListSchema = z.object({
  streams: z.array(streamSchema),
  unanswered: z.array(z.string()).describe("Streamers that did not say in time what runs there"),
})

export type StreamList = z.output<typeof streamListSchema>

/** One connection of a viewer. */
export const streamViewerSchema = z.object({
  session: z.string(),
  username: z.string().nullable().describe("null: the playlist is public, or it is a streamer"),
  since: z.number().describe("Unix milliseconds"),
  bytesOut: z.number(),
  isRelay: z.boolean().describe("Another streamer, which relays the stream to its own viewers"),
  moves: z.number().describe("How often it was too slow, and was moved to the newest keyframe"),
})

export type StreamViewer = z.output<typeof streamViewerSchema>

/** `GET /api/streams/{id}` */
export const streamDetailSchema = streamSchema.extend({ viewers: z.array(streamViewerSchema) })

export type StreamDetail = z.output<typeof streamDetailSchema>

/** `DELETE /api/streams/{id}` */
export const stoppedStreamSchema = z.object({
  id: z.string(),
  stopped: z.array(z.string()).describe("The streamers that it ran on"),
  unanswered: z.array(z.string()).describe("Streamers where it may run on"),
})

export type StoppedStream = z.output<typeof stoppedStreamSchema>

/** `POST /api/streams/{id}/failover` */
export const failedOverStreamSchema = z.object({
  id: z.string(),
  streamer: z.string(),
  failovers: z.number().describe("Before this one"),
})

export type FailedOverStream = z.output<typeof failedOverStreamSchema>
