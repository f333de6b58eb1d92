import * as z from "zod"
import { type SettingName, type SettingsInput, settingNames } from "../config/settings.ts"

/** Body of `PATCH /api/settings`: any of the settings, as in the configuration file; null: back to the default. */
export { settingsPatchSchema } from "../config/named-settings.ts"

const written = z.record(z.enum(settingNames), z.union([z.string(), z.number(), z.boolean()]))

/** Answer of `GET` and `PATCH /api/settings`. */
export const settingsAnswerSchema = z.object({
  settings: written.describe(
    "All that are in force, as one would write them: durations like 30m, sizes in bytes.",
  ),
  defaults: written.describe("The same, of what nobody has set."),
  changed: z.array(z.enum(settingNames)).describe("Those that are not what they are by default."),
  configured: z
    .array(z.enum(settingNames))
    .describe("Those that a file or variable names: they are as that says again at the next start."),
  atNextStart: z.array(z.enum(settingNames)).describe("Those of which a change has no effect before."),
})

export interface SettingsAnswer {
  settings: Required<SettingsInput>
  defaults: Required<SettingsInput>
  changed: SettingName[]
  configured: SettingName[]
  atNextStart: readonly SettingName[]
}
