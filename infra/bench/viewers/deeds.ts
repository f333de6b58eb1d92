import type { SeededRandom } from "../../e2e/player/test-support/seeded-random.ts"

/** What a viewer's app does at the edge. `unchanged` is a playlist that it has already. */
export type Deed = "playlist" | "unchanged" | "guide" | "player_api" | "zap"

export const deeds: readonly Deed[] = ["playlist", "unchanged", "guide", "player_api", "zap"]

// Of a hundred. Apps ask for lists when they start and now and then, people zap, and each look at a channel asks what is on.
const shares: Record<Deed, number> = { playlist: 8, unchanged: 20, guide: 2, player_api: 35, zap: 35 }
const [favourites, favouriteTenths] = [60, 8]
const [leastPause, mostPause] = [2_000, 18_000]
const actions = [
  "login",
  "get_live_categories",
  "get_live_streams",
  "get_short_epg",
  "get_simple_data_table",
] as const

/** By chance, as often as viewers do each. */
export function nextDeed(random: SeededRandom): Deed {
  let left = random.between(0, 99)
  const found = deeds.find((deed) => {
    left -= shares[deed]
    return left < 0
  })
  return found ?? "zap"
}

/** Mostly one of the few that most people watch, which come first. */
export function channelToWatch(random: SeededRandom, channels: readonly string[]): string {
  const isFavourite = random.between(1, 10) <= favouriteTenths
  return random.pick(isFavourite ? channels.slice(0, favourites) : channels)
}

/** How long a viewer watches before doing something else. */
export function pauseMilliseconds(random: SeededRandom): number {
  return random.between(leastPause, mostPause)
}

/** What is asked of `player_api.php`: mostly about one channel. */
export function apiQuery(random: SeededRandom, channel: string): Record<string, string> {
  const action = random.pick(actions)
  return action === "login" ? {} : { action, stream_id: channel }
}
