import type { SettingName } from "@tributary/shared/config/settings"

/** How a setting is shown and typed. */
export type SettingKind =
  | { kind: "flag" }
  /** A text like `5s`. */
  | { kind: "duration" }
  | { kind: "count" }
  /** Bytes, shown as MiB. */
  | { kind: "size" }
  /** From 0 to 1. */
  | { kind: "share" }
  | { kind: "text" }
  /** Some words to choose from, or what is typed. */
  | { kind: "suggestion"; options: readonly string[] }
  | { kind: "choice"; options: readonly SettingOption[] }

export interface SettingOption {
  value: string
  label: string
  explanation: string
}

export interface SettingField {
  name: SettingName
  label: string
  /** What it does, for who never saw it. */
  explanation: string
  as: SettingKind
}

export interface SettingGroup {
  /** For links to it: `#failover`. */
  id: string
  title: string
  fields: readonly SettingField[]
}
