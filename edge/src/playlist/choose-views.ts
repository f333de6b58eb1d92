import type { Group, Manifest, View } from "@tributary/shared/snapshot/manifest"

/** What a playlist holds, in this order; `?type=` picks one. Series are listed by their episodes. */
const sectionOfType = { live: "live", movie: "movie", series: "episode" } as const
export type PlaylistType = keyof typeof sectionOfType
export const playlistTypes = Object.keys(sectionOfType) as PlaylistType[]

export type ChosenViews = { views: View[]; overlap: boolean } | "forbidden" | "unknown_group"

/**
 * The templates to send to a viewer: of all entries, of the groups they may see, or of one group by its name,
 * else its slug. Views of several groups may hold one channel twice (`overlap`).
 */
export function chooseViews(
  manifest: Manifest,
  { types, group, allowed }: { types: PlaylistType[]; group?: string; allowed: readonly string[] | null },
): ChosenViews {
  const sections = types.map((type) => manifest.sections[sectionOfType[type]])
  const viewsOf = (isWanted: (group: Group) => boolean) =>
    sections.flatMap(({ groups }) => groups.filter(isWanted).map(({ playlist }) => playlist))
  if (group === undefined)
    return allowed === null
      ? { views: sections.map(({ playlist }) => playlist), overlap: false }
      : { views: viewsOf(({ name }) => allowed.includes(name)), overlap: true }
  const name = nameOf(manifest, group)
  if (name === null) return "unknown_group"
  if (allowed !== null && !allowed.includes(name)) return "forbidden"
  return { views: viewsOf((one) => one.name === name), overlap: false }
}

/** A group's name from its name or slug, whichever sections have it. */
function nameOf({ sections }: Manifest, wanted: string): string | null {
  const groups = playlistTypes.flatMap((type) => sections[sectionOfType[type]].groups)
  const found = groups.find(({ name }) => name === wanted) ?? groups.find(({ slug }) => slug === wanted)
  return found?.name ?? null
}
