import { field } from "../../catalogue/record.ts"
import { attributeNeedle, findAttribute, type Place } from "../columns/find-attribute.ts"
import { HashTable } from "../columns/hash-table.ts"
import { Hashes } from "../columns/hashes.ts"
import type { RecordSet } from "../columns/record-set.ts"
import type { Edits } from "./apply-edits.ts"
import type { ChannelSet } from "./channel-set.ts"
import { type FaceChange, rewriteFaces } from "./rewrite-faces.ts"

const numberNeedle = attributeNeedle("tvg-chno")

/**
 * Makes sure that players can tell live channels apart, given in the playlist's order:
 * - a number (`tvg-chno`) belongs to one channel: to the one that a user gave it to, else to the first one; the others
 *   lose it;
 * - channels that share a tvg-id, as their programmes are the same, get their own id as `channel-id` too. Jellyfin joins
 *   both to what it knows a channel by, and looks for programmes by the tvg-id alone (`M3uParser.cs`).
 */
export function tellApart(channels: ChannelSet, live: Uint32Array, edits: Edits): void {
  const withoutNumber = laterOfNumber(channels, live, edits)
  const withChannelId = sharersOfTvgId(channels, live)
  const changes: [number, FaceChange][] = []
  for (const [place, channel] of live.entries()) {
    const change: FaceChange = {}
    if (withoutNumber[place] === 1) change.withoutNumber = true
    if (withChannelId[place] === 1) change.channelId = String(channels.id[channel])
    if (change.withoutNumber || change.channelId !== undefined) changes.push([channel, change])
  }
  rewriteFaces(channels, changes)
}

/** 1 for each place of a channel whose number another one has. */
function laterOfNumber(channels: ChannelSet, live: Uint32Array, edits: Edits): Uint8Array {
  const later = new Uint8Array(live.length)
  const owners = new HashTable(256)
  const hashes = new Hashes()
  const isEdited = (channel: number) =>
    edits.size > 0 && edits.get(String(channels.id[channel]))?.number != null
  for (const wantsEdited of [true, false])
    for (const [place, channel] of live.entries()) {
      if (isEdited(channel) !== wantsEdited) continue
      const { records } = channels
      const value = findAttribute(records.open(channels.face[channel] as number), numberNeedle)
      if (value === null) continue
      const { start, end } = plainNumber(records, value)
      hashes.begin().bytes(records.bytes, start, end).end()
      if (owners.add(hashes.one, hashes.two, place) !== place) later[place] = 1
    }
  return later
}

/** Without spaces around it and zeros before it: `007` is 7 to players. */
function plainNumber({ bytes }: RecordSet, { start, end }: Place): Place {
  let [from, to] = [start, end]
  while (from < to && bytes[from] === 0x20) from++
  while (to > from && bytes[to - 1] === 0x20) to--
  while (from + 1 < to && bytes[from] === 0x30) from++
  return { start: from, end: to }
}

/** 1 for each place of a channel whose tvg-id another one has too. */
function sharersOfTvgId(channels: ChannelSet, live: Uint32Array): Uint8Array {
  const shared = new Uint8Array(live.length)
  const owners = new HashTable(live.length)
  const hashes = new Hashes()
  for (const [place, channel] of live.entries()) {
    const { bytes, starts, ends } = channels.records.open(channels.face[channel] as number)
    const [start, end] = [starts[field.tvgId] as number, ends[field.tvgId] as number]
    if (start === end) continue
    hashes.begin().bytes(bytes, start, end).end()
    const owner = owners.add(hashes.one, hashes.two, place)
    if (owner !== place) shared[owner] = shared[place] = 1
  }
  return shared
}
