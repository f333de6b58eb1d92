import { catalogueGroups } from "./catalogue-groups.ts"
import type { SettingGroup } from "./setting-kind.ts"
import { streamGroups } from "./stream-groups.ts"

const order = ["playback", "failover", "imports", "playlist", "providers", "buffers", "logs"]

/** All settings, in the page's order. */
export const settingGroups: readonly SettingGroup[] = [...streamGroups, ...catalogueGroups].sort(
  (a, b) => order.indexOf(a.id) - order.indexOf(b.id),
)

export const settingFields = settingGroups.flatMap(({ fields }) => fields)
