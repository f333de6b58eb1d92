import type * as z from "zod"
import { httpUrl, record } from "./fields.ts"

/** A guide that is configured on its own, beside those that sources have. */
export const epgSchema = record({ url: httpUrl() })

/** What is to change of a guide. */
export const epgPatchSchema = epgSchema.partial()

export type EpgConfig = z.output<typeof epgSchema>
export type EpgPatch = z.output<typeof epgPatchSchema>
