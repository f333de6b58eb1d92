import * as z from "zod"
import { epgPatchSchema, epgSchema } from "../config/epg-config.ts"
import { anyText, list, record, text } from "../config/fields.ts"
import { refuseMasks } from "./mask.ts"

/** Body of `POST /api/epg`: a guide as in the configuration file. */
export const newGuideSchema = epgSchema.superRefine(refuseMasks)
/** Body of `PATCH /api/epg/{id}`. */
export const changedGuideSchema = epgPatchSchema.superRefine(refuseMasks)
/** Body of `PUT /api/epg/order`: every id, in the wanted order. */
export const guideOrderSchema = record({ ids: list(text()) })

/** A guide that is configured on its own, beside those that sources have. */
export const guideRowSchema = z.object({
  id: z.string().describe("Made of the address: another address has another id."),
  url: z.string().describe("Masked; a mask that is sent back is refused."),
  origin: z
    .enum(["file", "api"])
    .describe("file: it is as the configuration file says again at the next start."),
  position: z.number().describe("From 1; of what two guides say of a channel, the first one's counts."),
})

export const guideRowsSchema = z.array(guideRowSchema).describe("In their order.")
export const deletedGuideSchema = z.object({ deleted: z.literal(true) })

/** The query of `GET /api/epg/channels`. */
export const guideChannelQuerySchema = record({
  search: anyText().max(200, "must have at most 200 characters").default(""),
})

/** Channels that the guides have, for whoever maps one to a channel of the playlist. */
export const guideChannelsSchema = z.object({
  channels: z
    .array(
      z.object({
        id: z.string().describe("What `guideId` of a channel names."),
        names: z.array(z.string()),
        source: z
          .string()
          .nullable()
          .describe("Whose guide has it; null: one that is configured on its own."),
        programmes: z.number(),
      }),
    )
    .describe("At most fifty: those whose id or name begins with what is searched for come first."),
})

export type GuideChannels = z.output<typeof guideChannelsSchema>
export type GuideRow = z.output<typeof guideRowSchema>
