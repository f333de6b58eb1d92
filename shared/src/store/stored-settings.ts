import {
  defaultSettings,
  type SettingName,
  type SettingsInput,
  settingNames,
  settingsSchema,
  writtenSetting,
} from "../config/settings.ts"
import { hashFields } from "./hash-fields.ts"

/** The settings as one would write them, and where they are from. */
export interface StoredSettings {
  settings: Required<SettingsInput>
  /** Those that are not what they are by default. */
  changed: SettingName[]
  /** Those that a file or variable named at the last start, and will at the next. */
  configured: SettingName[]
}

/** Reads the stored hashes, as the store answered: setting -> JSON value, and those that the admin API has set. */
export function storedSettings(stored: unknown, madeByApi: unknown): StoredSettings {
  const byApi = hashFields(madeByApi)
  const texts = hashFields(stored)
  const written = new Map(
    settingNames.map((name) => {
      const text = texts.get(name)
      return [name, text === undefined ? defaultSettings[name] : writtenSetting(name, JSON.parse(text))]
    }),
  )
  const isChanged = (name: SettingName) => {
    const { [name]: schema } = settingsSchema.shape
    return schema.parse(written.get(name)) !== schema.parse(undefined)
  }
  return {
    settings: Object.fromEntries(written) as Required<SettingsInput>,
    changed: settingNames.filter(isChanged),
    configured: settingNames.filter((name) => texts.has(name) && !byApi.has(name)),
  }
}
