import type { ChannelEdit } from "@tributary/shared/catalogue/edit"
import { Hashes } from "../columns/hashes.ts"
import { type ChannelSet, FeedHashes } from "./channel-set.ts"
import { type FaceChange, rewriteFaces } from "./rewrite-faces.ts"

/** 1: shown to nobody, by the user's wish. 2: its feeds are another channel's. */
export const shown = 0
export const hiddenByUser = 1
const mergedAway = 2

export type Edits = ReadonlyMap<string, ChannelEdit>

/** How many channels the edits may add. */
export function splitCount(edits: Edits): number {
  let count = 0
  for (const { split } of edits.values()) count += split?.length ?? 0
  return count
}

/**
 * Splits feeds off: each is a channel of its own from then on. Ids of channels must be there, those of the new
 * ones are not yet. A feed that its channel does not have (any more) is left alone.
 */
export function applySplits(channels: ChannelSet, sources: readonly string[], edits: Edits): void {
  const feeds = new FeedHashes(channels.records, sources)
  const hashes = new Hashes()
  for (const [channel, { split }] of editedChannels(channels, edits)) {
    if (!split || split.length === 0) continue
    const kept: number[] = []
    const off: [record: number, id: string][] = []
    for (const record of [...channels.feeds(channel)]) {
      const id = feeds.id(record)
      if (split.includes(id)) off.push([record, id])
      else kept.push(record)
    }
    // The last feed stays: a channel without feeds is none.
    if (kept.length === 0) kept.push(...off.splice(0, 1).map(([record]) => record))
    channels.setFeeds(channel, kept)
    for (const [record, id] of off) {
      hashes.begin().text(`split:${id}`).end()
      channels.setFeeds(channels.add(record, hashes.one, hashes.two), [record])
    }
  }
}

/** Merges, hides, pins feeds and rewrites what is shown. All channels have their ids. */
export function applyEdits(channels: ChannelSet, sources: readonly string[], edits: Edits): void {
  const edited = editedChannels(channels, edits)
  merge(channels, edited)
  for (const [channel, { feeds }] of edited) if (feeds?.length) pinFeeds(channels, sources, channel, feeds)
  for (const [channel, { hidden }] of edited)
    if (hidden && channels.hidden[channel] === shown) channels.hidden[channel] = hiddenByUser
  rewriteFaces(
    channels,
    [...edited].flatMap(([channel, edit]): [number, FaceChange][] => {
      const { name, groups, number, logo } = edit
      const isChanged = [name, groups, number, logo].some((value) => value !== null && value !== undefined)
      return isChanged ? [[channel, { name, groups, number, logo }]] : []
    }),
  )
}

/** Feeds of merged channels follow the channel's own; a channel that is gone has none to give. */
function merge(channels: ChannelSet, edited: ReadonlyMap<number, ChannelEdit>): void {
  const wanted = new Set<string>()
  for (const { merge: ids } of edited.values()) for (const id of ids ?? []) wanted.add(id)
  if (wanted.size === 0) return
  const byId = new Map<string, number>()
  for (let channel = 0; channel < channels.count; channel++) {
    const id = String(channels.id[channel])
    if (wanted.has(id)) byId.set(id, channel)
  }
  for (const [channel, { merge: ids }] of edited)
    for (const id of ids ?? []) {
      const other = byId.get(id)
      // In a circle the first one has them all.
      if (channels.hidden[channel] === mergedAway) break
      if (other === undefined || other === channel || channels.hidden[other] === mergedAway) continue
      const face = channels.face[channel] as number
      channels.setFeeds(channel, [...channels.feeds(channel), ...channels.feeds(other)])
      channels.face[channel] = face
      channels.hidden[other] = mergedAway
    }
}

function pinFeeds(
  channels: ChannelSet,
  sources: readonly string[],
  channel: number,
  pinned: readonly string[],
): void {
  const hashes = new FeedHashes(channels.records, sources)
  const records = [...channels.feeds(channel)]
  const place = new Map(
    records.map((record) => {
      const at = pinned.indexOf(hashes.id(record))
      return [record, at < 0 ? pinned.length : at]
    }),
  )
  const face = channels.face[channel] as number
  channels.setFeeds(
    channel,
    records.toSorted((a, b) => (place.get(a) ?? 0) - (place.get(b) ?? 0)),
  )
  // The order of feeds is one of failover; what is shown stays as it was.
  channels.face[channel] = face
}

function editedChannels(channels: ChannelSet, edits: Edits): Map<number, ChannelEdit> {
  const edited = new Map<number, ChannelEdit>()
  if (edits.size === 0) return edited
  const byId = new Map([...edits].map(([id, edit]) => [Number(id), edit]))
  for (let channel = 0; channel < channels.count; channel++) {
    const edit = byId.get(channels.id[channel] as number)
    if (edit !== undefined) edited.set(channel, edit)
  }
  return edited
}
