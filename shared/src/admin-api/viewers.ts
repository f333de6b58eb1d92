import * as z from "zod"
import { viewerPatchSchema, viewerSchema } from "../config/viewer-config.ts"
import { refuseMasks } from "./mask.ts"

/** Body of `POST /api/viewers`: a viewer as in the configuration file; without a password one is made. */
export const newViewerSchema = viewerSchema.partial({ password: true }).superRefine(refuseMasks)
/** Body of `PATCH /api/viewers/{username}`: what is not given stays. */
export const changedViewerSchema = viewerPatchSchema.superRefine(refuseMasks)

/** A viewer. Their password is in no answer but those that are asked for it. */
export const viewerRowSchema = z.object({
  username: z.string(),
  maxStreams: z.number().nullable().describe("Sessions at the same time; null, or 0: as many as they like."),
  groups: z
    .array(z.string())
    .nullable()
    .describe("Of the channels that they may watch; null: all. A source may bring one of these later."),
  expiresAt: z.number().nullable().describe("Unix milliseconds; null: without an end."),
  enabled: z.boolean(),
  whenFull: z
    .enum(["refuse", "replace"])
    .describe("A session above the limit is refused, or takes the place of their oldest one."),
  origin: z
    .enum(["file", "environment", "demo", "api"])
    .describe("file: the viewer is as the configuration file says again at the next start."),
  sessions: z.number().describe("That they have now."),
})

export const viewerRowsSchema = z.array(viewerRowSchema).describe("By username.")

/** Answer of `POST /api/viewers`. */
export const addedViewerSchema = viewerRowSchema.extend({
  password: z.string().optional().describe("Where none was given: the one that was made."),
})

/** What a viewer plays. */
export const viewerSessionSchema = z.object({
  id: z.string(),
  channel: z.string().describe("Of a movie or an episode its id too."),
  channelName: z.string().nullable().describe("Null: the catalogue does not have it any more."),
  kind: z
    .enum(["live", "movie", "episode", "catchup"])
    .nullable()
    .describe("catchup: what of a channel is past. Null: the catalogue does not have it any more."),
  streamer: z.string().nullable().describe("Where it plays; null: that is not known (yet)."),
  since: z.number().describe("Unix milliseconds."),
  addressDigest: z.string().describe("The same for sessions from one network address."),
})

export const viewerSessionsSchema = z.array(viewerSessionSchema).describe("The newest first.")

/** Answer of `POST /api/viewers/{username}/address`: what is to be entered in players. */
export const viewerAddressSchema = z.object({
  baseUrl: z.string(),
  username: z.string(),
  password: z.string(),
  playlist: z.string().describe("M3U."),
  xtream: z.object({ server: z.string(), username: z.string(), password: z.string() }),
  guide: z.string().describe("XMLTV."),
  hdhr: z.string().describe("A network tuner: discover.json and lineup.json are below it."),
})

export const endedSessionSchema = z.object({ ended: z.literal(true) })
export const deletedViewerSchema = z.object({ deleted: z.literal(true) })

export type ViewerRow = z.output<typeof viewerRowSchema>
export type AddedViewer = z.output<typeof addedViewerSchema>
export type ViewerSession = z.output<typeof viewerSessionSchema>
export type ViewerAddress = z.output<typeof viewerAddressSchema>
