import { assignChannelIds } from "@tributary/shared/catalogue/channel-id"

/** Our ids of a series' episodes, by the panel's: the same whenever, and by whichever streamer, they are made. */
export function episodeIds(series: string, source: string, panelIds: readonly string[]): Map<string, string> {
  const keyOf = (panelId: string) => `episode:${series}:${source}:${panelId}`
  const ids = assignChannelIds(panelIds.map(keyOf))
  return new Map(panelIds.map((panelId) => [panelId, ids.get(keyOf(panelId)) ?? ""]))
}
