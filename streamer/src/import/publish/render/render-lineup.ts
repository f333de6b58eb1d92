import { addressTemplate } from "@tributary/shared/snapshot/m3u-template"
import { field } from "../../catalogue/record.ts"
import type { ChannelSet } from "../channels/channel-set.ts"
import type { ByteWriter } from "../columns/byte-writer.ts"
import { attributeNeedle, findAttribute } from "../columns/find-attribute.ts"

const numberNeedle = attributeNeedle("tvg-chno")
// Shorter than an id, so that no channel's number is another one's id.
const guideNumber = /^\s*0*([1-9]\d{0,6}(?:\.\d{1,4})?)\s*$/

/**
 * One row of an HDHomeRun lineup. The guide number is the channel's own, else its id, which is the same across imports:
 * Plex and Jellyfin know channels by it.
 */
export function renderLineupRow(channels: ChannelSet, channel: number, out: ByteWriter): void {
  const { records } = channels
  const { bytes, starts, ends } = records.open(channels.face[channel] as number)
  const id = String(channels.id[channel])
  const place = findAttribute(records, numberNeedle)
  const own = place === null ? undefined : guideNumber.exec(bytes.toString("latin1", place.start, place.end))
  out
    .ascii('{"GuideNumber":"')
    .ascii(own?.[1] ?? id)
    .ascii('","GuideName":')
  out.json(bytes, starts[field.name] as number, ends[field.name] as number)
  out.ascii(`,"URL":"${addressTemplate(id)}"}`)
}
