import * as z from "zod"

const asItComes = "null: as it comes"

const videoSchema = z.object({
  codec: z.enum(["h264", "hevc"]),
  height: z.number().nullable().describe(`In pixels, never made larger; ${asItComes}`),
  bitrate: z.number().nullable().describe("In bit/s; null: the encoder's choice"),
  frameRate: z.number().nullable().describe(`Per second; ${asItComes}`),
})

const audioSchema = z.object({
  codec: z.enum(["aac", "ac3", "mp2", "mp3"]),
  bitrate: z.number().nullable().describe("In bit/s; null: the encoder's choice"),
  channels: z.number().nullable().describe(asItComes),
})

/** A transcode profile: as it was written, in one of its three forms. */
export const transcodeProfileRowSchema = z.object({
  id: z.string(),
  name: z.string(),
  output: z.enum(["mpegts", "hls"]).describe("What an address without an extension gives"),
  arguments: z.string().optional().describe("First form: ffmpeg's own output options"),
  video: z
    .union([z.literal("copy"), videoSchema])
    .nullable()
    .optional()
    .describe("Second form; null: there is no picture in what comes out"),
  audio: z
    .union([z.literal("copy"), audioSchema])
    .nullable()
    .optional()
    .describe("Second form; null: there is no sound in what comes out"),
  variants: z.array(z.string()).optional().describe("Third form, adaptive: ids of transcode profiles"),
  builtIn: z.boolean().describe("It is always there; where it was replaced, deleting brings it back"),
  origin: z
    .enum(["file", "environment", "demo", "api"])
    .nullable()
    .describe("Where it was configured; null: it is a built-in one that nobody has replaced"),
})

export type TranscodeProfileRow = z.output<typeof transcodeProfileRowSchema>

/** `GET /api/transcode-profiles`: the built-in ones first. */
export const transcodeProfileListSchema = z.array(transcodeProfileRowSchema)

/** What came of one ffmpeg that was run as a transcode would be. */
export const transcodeRunSchema = z.object({
  profile: z.string().describe("Transcode profile that it has the recipe of"),
  ok: z.boolean().describe("It made media of all that it was given"),
  command: z
    .string()
    .describe("ffmpeg with its arguments, quoted for a shell; it reads a live stream, MPEG-TS"),
  hardware: z.string().nullable().describe("nvenc, vaapi or qsv; null: the processor"),
  seconds: z.number().describe("Of media that came out"),
  speed: z.number().nullable().describe("Times real time, its start included; null: nothing came out"),
  width: z.number().nullable().describe("In pixels; null: there is no picture"),
  height: z.number().nullable().describe("In pixels; null: there is no picture"),
  videoCodec: z.string().nullable().describe("null: there is no picture"),
  audioCodec: z.string().nullable().describe("null: there is no sound"),
  framesPerSecond: z.number().nullable().describe("null: not known"),
  bytesPerSecond: z.number().nullable().describe("Of what came out; null: nothing did"),
  message: z.string().describe("How it went, in words; of a failure the last that ffmpeg said"),
  durationMs: z.number(),
})

export type TranscodeRun = z.output<typeof transcodeRunSchema>

/** What a streamer answers of the profiles that it was given, in their order. */
export const transcodeRunsSchema = z.object({ runs: z.array(transcodeRunSchema) })

const nothing = "null: of an adaptive profile, see `variants`"

/** `POST /api/transcode-profiles/test` */
export const transcodeTestSchema = transcodeRunSchema.omit({ profile: true }).extend({
  command: z.string().describe("Of an adaptive profile those of its variants, one on each line"),
  seconds: z.number().nullable().describe(nothing),
  variants: z.array(transcodeRunSchema).describe("Of an adaptive profile, one for each; else empty"),
})

export type TranscodeTest = z.output<typeof transcodeTestSchema>
