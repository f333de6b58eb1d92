import type { Authentication } from "../admission/authenticate.ts"
import type { Edge } from "../edge.ts"
import { allowedChannel } from "./allowed-channel.ts"
import type { Parameters } from "./parameters.ts"
import { listings, shortListings, upcoming } from "./programmes.ts"

type Allowed = Extract<Authentication, { ok: true }>

const usualListings = 4

/** `get_short_epg`: what is on now and next, at most `limit`. */
export async function shortGuide(
  edge: Edge,
  who: Allowed,
  given: Parameters,
  now: number,
): Promise<unknown[]> {
  const found = await allowedChannel(edge, who, given.stream_id, now)
  if (found === null) return []
  const limit = /^\d{1,4}$/.test(given.limit ?? "") ? Number(given.limit) : usualListings
  const seconds = Math.floor(now / 1000)
  return shortListings(found, upcoming(await edge.snapshots.programmes(found), seconds, limit), seconds)
}

/** `get_simple_data_table`: all of a channel's programmes. */
export async function wholeGuide(
  edge: Edge,
  who: Allowed,
  given: Parameters,
  now: number,
): Promise<unknown[]> {
  const found = await allowedChannel(edge, who, given.stream_id, now)
  return found === null ? [] : listings(found, await edge.snapshots.programmes(found), Math.floor(now / 1000))
}
