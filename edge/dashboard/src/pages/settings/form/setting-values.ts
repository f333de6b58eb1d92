import type { SettingsAnswer } from "@tributary/shared/admin-api/settings"
import type { SettingName } from "@tributary/shared/config/settings"
import { settingFields } from "../fields/setting-groups.ts"
import type { SettingField, SettingKind } from "../fields/setting-kind.ts"

/** What a setting's field holds. */
export type SettingValue = string | number | boolean

export type SettingValues = Record<SettingName, SettingValue>

const mebibyte = 1024 * 1024
const thousandths = (value: number) => Math.round(value * 1000) / 1000

/** A setting as its field shows it. */
export function shownSetting({ kind }: SettingKind, value: unknown): SettingValue {
  switch (kind) {
    case "flag":
      return value === true || value === "true"
    case "size":
      return thousandths(Number(value) / mebibyte)
    case "count":
    case "share":
      return Number(value)
    case "duration":
    case "text":
    case "suggestion":
    case "choice":
      return String(value)
  }
}

/** All settings as their fields show them. */
export const valuesOf = (settings: SettingsAnswer["settings"]): SettingValues =>
  Object.fromEntries(
    settingFields.map(({ name, as }) => [name, shownSetting(as, settings[name])]),
  ) as SettingValues

/** The body of `PATCH /api/settings`: only what is not as it is stored; null: back to the default. */
export function settingsChange(values: SettingValues, answer: SettingsAnswer): Record<string, unknown> {
  const [stored, defaults] = [valuesOf(answer.settings), valuesOf(answer.defaults)]
  const changed = settingFields.filter(({ name }) => values[name] !== stored[name])
  return Object.fromEntries(
    changed.map((field) => {
      const value = values[field.name]
      return [field.name, value === defaults[field.name] ? null : sent(field, value)]
    }),
  )
}

// An empty field is no number, and is refused as what it is.
function sent({ as }: SettingField, value: SettingValue): SettingValue {
  return as.kind === "size" && typeof value === "number" ? Math.round(value * mebibyte) : value
}

/** A setting for people: `16 MiB`, `on`, `5s`. */
export function settingInWords(as: SettingKind, shown: SettingValue): string {
  if (as.kind === "flag") return shown === true ? "on" : "off"
  if (as.kind === "size") return `${shown} MiB`
  if (as.kind === "choice") return as.options.find(({ value }) => value === shown)?.label ?? String(shown)
  return shown === "" ? "empty" : String(shown)
}
