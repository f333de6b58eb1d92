import { type Fields, fieldsOf, firstText, idOf } from "../import/xtream/fields.ts"

/** An episode as the panel has it, with what its place in the answer says of it. */
export interface FoundEpisode {
  /** The panel's id, which is that of its stream. */
  panelId: string
  season: number
  number: number
  fields: Fields
}

/**
 * The episodes of a series, by season and number. Panels send a map of lists by season; PHP turns a map whose keys
 * count from 0 into a list, so that seasons 0, 1, … are a list of lists, and a season may be a map of episodes.
 * Some send one flat list. A second episode with an id is left out: it would be the same file.
 */
export function findEpisodes(answer: unknown): FoundEpisode[] {
  const found = new Map<string, FoundEpisode>()
  for (const [key, group] of entriesOf(answer)) {
    const alone = episodeOf(group, null, 1)
    const episodes = alone
      ? [alone]
      : entriesOf(group).map(([, one], index) => episodeOf(one, numberOf(key), index + 1))
    for (const episode of episodes)
      if (episode !== null && !found.has(episode.panelId)) found.set(episode.panelId, episode)
  }
  return [...found.values()].sort((a, b) => a.season - b.season || a.number - b.number)
}

/** `place` counts from 1 and stands in for a number that is missing. */
function episodeOf(value: unknown, listedSeason: number | null, place: number): FoundEpisode | null {
  const fields = fieldsOf(value)
  const panelId = idOf(fields?.id)
  if (fields === null || panelId === null) return null
  const info = fieldsOf(fields.info) ?? {}
  const season = numberOf(firstText(fields.season, info.season)) ?? listedSeason ?? 1
  return { panelId, season, number: numberOf(firstText(fields.episode_num)) ?? place, fields }
}

function entriesOf(value: unknown): [key: string, value: unknown][] {
  return typeof value === "object" && value !== null ? Object.entries(value) : []
}

function numberOf(text: string): number | null {
  return /^\d{1,6}$/.test(text) ? Number(text) : null
}
