import type { Entry } from "@tributary/shared/catalogue/entry"
import { entryOf } from "../../catalogue/read-record.ts"
import { RecordWriter } from "../../catalogue/record-writer.ts"
import type { ChannelSet } from "./channel-set.ts"

/** What differs between what is shown of a channel and what its first feed says; null and undefined: nothing. */
export interface FaceChange {
  name?: string | null | undefined
  groups?: string[] | null | undefined
  number?: number | null | undefined
  logo?: string | null | undefined
  tvgId?: string | undefined
  /** The shift is in the guide's times, so players must not add it again. */
  withoutShift?: boolean
  /** Another channel has its number. */
  withoutNumber?: boolean
  /** What tells it from others of its tvg-id. */
  channelId?: string
}

/** Gives channels faces of their own: new records that hold the changes. */
export function rewriteFaces(
  channels: ChannelSet,
  changes: readonly (readonly [channel: number, FaceChange])[],
): void {
  const { records } = channels
  const parts: Buffer[] = []
  const writer = new RecordWriter((part) => parts.push(part), changesBytes)
  for (const [channel, change] of changes)
    writer.write(changed(entryOf(records.line(channels.face[channel] as number)), change))
  writer.finish()
  const first = records.count
  for (const part of parts) records.addPart(part, 0)
  changes.forEach(([channel], index) => {
    records.setSource(first + index, records.source(channels.face[channel] as number))
    channels.face[channel] = first + index
    channels.isKeyName[channel] = 0
  })
}

const changesBytes = 256 * 1024

function changed(entry: Entry, change: FaceChange): Entry {
  const { name, groups, number, logo, tvgId, channelId, withoutShift, withoutNumber } = change
  let attributes = entry.attributes
  const without = (key: string) => attributes.filter(([known]) => known.toLowerCase() !== key)
  const set = (key: string, value: string) => {
    const has = attributes.some(([known]) => known.toLowerCase() === key)
    attributes = has
      ? attributes.map(([known, old]) => [known, known.toLowerCase() === key ? value : old])
      : [...attributes, [key, value]]
  }
  if (name != null) set("tvg-name", name)
  if (groups != null) set("group-title", groups.join(";"))
  if (number != null) set("tvg-chno", String(number))
  if (logo != null) set("tvg-logo", logo)
  if (tvgId !== undefined) set("tvg-id", tvgId)
  if (channelId !== undefined) set("channel-id", channelId)
  if (withoutShift) attributes = without("tvg-shift")
  if (withoutNumber) attributes = without("tvg-chno")
  const { logo: own, ...rest } = entry
  return {
    ...rest,
    attributes,
    ...(own === undefined || logo != null ? {} : { logo: own }),
    ...(name == null ? {} : { name }),
    ...(groups == null ? {} : { groups }),
  }
}
