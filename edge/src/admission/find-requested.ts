import type { EpisodeRecord } from "@tributary/shared/catalogue/details"
import type { IndexedChannel } from "@tributary/shared/catalogue/entry"
import { keys } from "@tributary/shared/store/keys"
import type { Edge } from "../edge.ts"
import { fromStore } from "../store-unavailable.ts"

/** What a viewer can play: a channel, a movie or an episode. */
export interface Playable {
  id: string
  channel: IndexedChannel
}

export interface Requested {
  /** Null: there is nothing of this name. */
  found: Playable | null
  /** In lower case, as it was asked for. */
  extension: string | null
}

// Files (`.mkv`, `.mp4`, …) are asked for by id only: a name may end in anything.
const withExtension = /^(.+)\.(ts|m3u8)$|^(\d+)\.([a-z][a-z0-9]{1,4})$/i

/** What looks like an extension is one, unless only a channel of the whole name exists ("Clips.ts"). */
export async function findRequested(edge: Edge, text: string): Promise<Requested> {
  const match = withExtension.exec(text)
  const name = match?.[1] ?? match?.[3]
  const extension = match?.[2] ?? match?.[4]
  if (name !== undefined && extension !== undefined) {
    const found = await findPlayable(edge, name)
    if (found !== null) return { found, extension: extension.toLowerCase() }
  }
  return { found: await findPlayable(edge, text), extension: null }
}

/** By id or name. Episodes that a panel lists are no part of a snapshot: the store knows where they are. */
export async function findPlayable(edge: Edge, text: string): Promise<Playable | null> {
  const found = await edge.snapshots.findChannel(text, Date.now())
  if (found !== null) return found
  return /^\d{9,10}$/.test(text) ? await findEpisode(edge, text) : null
}

/** Who may watch a series may watch its episodes, for as long as it is in the catalogue. */
async function findEpisode(edge: Edge, id: string): Promise<Playable | null> {
  const stored = await fromStore(edge.redis.get<string>(keys.episode(id)))
  if (stored === null) return null
  const { source, series, name, locator } = JSON.parse(stored) as EpisodeRecord
  const title = await edge.snapshots.findChannel(series, Date.now())
  if (title === null) return null
  const feeds = [{ id: `episode.${id}`, source, locator }]
  return { id, channel: { kind: "episode", name, groups: title.channel.groups, feeds } }
}
