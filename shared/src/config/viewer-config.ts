import type * as z from "zod"
import { anyText, choice, dateTime, flag, list, record, text, wholeNumber } from "./fields.ts"

const viewerFields = {
  // A path that ends in one of these is another path.
  username: text(128)
    .refine((name) => !/\p{Cc}/u.test(name), "must be one line of text")
    .refine((name) => !/^\.\.?$/.test(name), 'must not be "." or ".."'),
  password: text(256),
  maxStreams: wholeNumber(0).nullish(),
  groups: list(anyText()).nullish(),
  expiresAt: dateTime().nullish(),
  enabled: flag(),
  whenFull: choice("refuse", "replace"),
}

/** A viewer as `CONFIG_FILE` has it. */
export const viewerSchema = record({
  ...viewerFields,
  enabled: viewerFields.enabled.default(true),
  whenFull: viewerFields.whenFull.default("refuse"),
})

/** What is to change of a viewer; without defaults: what is not given stays as it is. */
export const viewerPatchSchema = record(viewerFields).partial()

export type ViewerConfig = z.output<typeof viewerSchema>
export type ViewerPatch = z.output<typeof viewerPatchSchema>
