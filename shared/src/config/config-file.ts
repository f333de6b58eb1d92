import type * as z from "zod"
import { variantProblems } from "../transcode/check-variants.ts"
import { transcodeProfileSchema } from "../transcode/profile-config.ts"
import { epgSchema } from "./epg-config.ts"
import { list, record } from "./fields.ts"
import { namedSettings } from "./named-settings.ts"
import { refuseDuplicates } from "./refuse-duplicates.ts"
import { sourceSchema } from "./source-config.ts"
import { viewerSchema } from "./viewer-config.ts"

/** The whole of `CONFIG_FILE` (CONTRACT.md). Unknown keys, wrong types and duplicate ids are errors. */
export const configFileSchema = record({
  sources: list(sourceSchema).optional(),
  epg: list(epgSchema).optional(),
  viewers: list(viewerSchema).optional(),
  transcodeProfiles: list(transcodeProfileSchema).optional(),
  settings: namedSettings.optional(),
}).superRefine((file, context) => {
  refuseDuplicates(file.sources, "id", (index) => ["sources", index, "id"], context)
  refuseDuplicates(file.viewers, "username", (index) => ["viewers", index, "username"], context)
  refuseDuplicates(file.transcodeProfiles, "id", (index) => ["transcodeProfiles", index, "id"], context)
  const profiles = file.transcodeProfiles ?? []
  for (const { profile, at, message } of variantProblems(profiles)) {
    const index = profiles.findIndex(({ id }) => id === profile)
    // A built-in one fails when what it names is replaced by one with variants: that is at fault.
    const path = index < 0 ? [] : [index, "variants", at]
    context.addIssue({
      code: "custom",
      path: ["transcodeProfiles", ...path],
      message: index < 0 ? `${message}, and "${profile}" names it` : message,
    })
  }
})

export type ConfigFile = z.output<typeof configFileSchema>
export type { EpgConfig } from "./epg-config.ts"
export {
  type ProfileConfig,
  type ProfilePatch,
  primaryProfileId,
  profilePatchSchema,
  profileSchema,
  type SourceConfig,
  sourceSchema,
  withProfileId,
} from "./source-config.ts"
export { type ViewerConfig, viewerSchema } from "./viewer-config.ts"
