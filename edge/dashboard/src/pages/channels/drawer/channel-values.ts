import type { ChannelDetails } from "@tributary/shared/admin-api/channels"
import { effectiveRow } from "../effective-row.ts"

/** A channel that is published. */
export type PublishedChannel = Exclude<ChannelDetails, { absent: true }>

/** What the form of a channel holds; a number is "" while its field is empty. */
export interface ChannelValues extends Record<string, unknown> {
  name: string
  number: number | string
  groups: string[]
  logo: string
  hidden: boolean
  alwaysOn: boolean
  guideId: string
  guideShiftMinutes: number | string
}

export function valuesOf(channel: PublishedChannel): ChannelValues {
  const { name, number, groups, logo, hidden, alwaysOn } = effectiveRow(channel)
  return {
    name,
    number: number ?? "",
    groups,
    logo,
    hidden,
    alwaysOn,
    guideId: channel.edit?.guideId ?? "",
    guideShiftMinutes: channel.edit?.guideShiftMinutes ?? "",
  }
}

/** The edit that these values make of a channel: what is as before is left out, so that it goes on to follow the sources. */
export function changeOf(values: ChannelValues, before: ChannelValues): Record<string, unknown> {
  const changed = (Object.keys(before) as (keyof ChannelValues & string)[]).filter(
    (field) => JSON.stringify(values[field]) !== JSON.stringify(before[field]),
  )
  return Object.fromEntries(changed.map((field) => [field, sent(field, values[field])]))
}

// An empty logo is a wish: no logo. Elsewhere nothing means: as the sources say.
const asSourcesSayWhenEmpty = new Set(["number", "guideId", "guideShiftMinutes"])

function sent(field: string, value: unknown): unknown {
  if (value === "" && asSourcesSayWhenEmpty.has(field)) return null
  return field === "guideShiftMinutes" && value === 0 ? null : value
}
