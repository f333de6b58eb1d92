import { z } from "zod"
import { epgPatchSchema, epgSchema } from "../config/epg-config.ts"
import { list, record, text } from "../config/fields.ts"
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

export type GuideRow = z.output<typeof guideRowSchema>
