import type * as z from "zod"
import { record } from "./fields.ts"
import { type SettingName, type SettingsInput, settingNames, settingsSchema } from "./settings.ts"

/** Settings of which some are named, as they were written: what is not named is not there, and has no default here. */
export const namedSettings = record({})
  .loose()
  .transform((written, context) => {
    refuseWrong(written, context)
    return written as Partial<SettingsInput>
  })

/** What is to change of the settings; null: back to the default. What is not named stays. */
export type SettingsPatch = { [Name in SettingName]?: SettingsInput[Name] | null }

/** The same messages as `namedSettings`, for a change of what is stored. */
export const settingsPatchSchema = record({})
  .loose()
  .transform((written, context) => {
    const isReset = ([name, value]: [string, unknown]) =>
      value === null && settingNames.includes(name as SettingName)
    refuseWrong(Object.fromEntries(Object.entries(written).filter((entry) => !isReset(entry))), context)
    return written as SettingsPatch
  })

function refuseWrong(written: Record<string, unknown>, context: z.RefinementCtx): void {
  const issues = settingsSchema.safeParse(written).error?.issues ?? []
  for (const issue of issues) {
    const unknown = issue.code === "unrecognized_keys" ? issue.keys.slice(0, 1) : []
    const message = unknown.length > 0 ? "unknown key" : issue.message
    context.addIssue({ code: "custom", path: [...issue.path, ...unknown], message })
  }
}
