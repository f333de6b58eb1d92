import { withoutQuality } from "@tributary/shared/catalogue/group-key"
import type { LoadedGuides } from "./load-guides.ts"
import { plainName } from "./plain-name.ts"

/** A live channel that looks for its programmes. */
export interface GuideTarget {
  id: string
  name: string
  tvgIds: readonly string[]
  /** What a user set: the guide's id of the channel whose programmes it has. */
  guideId: string | null
  shiftMinutes: number
  /** Numbers of its live groups. */
  groups: readonly number[]
  /** Address, the placeholder of one that is served by us, or empty. */
  icon: string
}

/** A channel of our guide: what several of our channels with the same programmes and tvg-id share. */
export interface GuideBlock {
  epgId: string
  /** Guides' channels (`LoadedGuides.channels`) in their priority, at most one of each guide. */
  sources: readonly number[]
  shiftMinutes: number
  channelIds: string[]
  groups: Set<number>
  name: string
  icon: string
}

export interface GuideMatch {
  readonly guides: LoadedGuides
  readonly blocks: readonly GuideBlock[]
  /** The id under which a channel stands in our guide; undefined when no programmes are known. */
  epgIdOf(channelId: string): string | undefined
}

/**
 * Finds the programmes of channels. A user's mapping wins, even over finding nothing: whoever set it wants no
 * other programmes. Then a tvg-id that any guide has, in the guides' priority; then the name, as it is and
 * without its quality. Lower guides that know the same id or name fill in before and after (`renderGuide`).
 */
export function matchGuides(guides: LoadedGuides, targets: Iterable<GuideTarget>): GuideMatch {
  const blocks: GuideBlock[] = []
  const byEpgId = new Map<string, GuideBlock>()
  const byChannel = new Map<string, GuideBlock>()
  for (const target of targets) {
    const sources = sourcesOf(guides, target)
    if (sources.length === 0) continue
    const isSame = (block: GuideBlock | undefined) =>
      block?.shiftMinutes === target.shiftMinutes && block.sources.join() === sources.join()
    const epgId = freeEpgId(target, (id) => !byEpgId.has(id) || isSame(byEpgId.get(id)))
    let block = byEpgId.get(epgId)
    if (block === undefined) {
      const { name, icon, shiftMinutes } = target
      block = { epgId, sources, shiftMinutes, channelIds: [], groups: new Set(), name, icon }
      byEpgId.set(epgId, block)
      blocks.push(block)
    }
    block.channelIds.push(target.id)
    block.icon ||= target.icon
    for (const group of target.groups) block.groups.add(group)
    byChannel.set(target.id, block)
  }
  return { guides, blocks, epgIdOf: (channelId) => byChannel.get(channelId)?.epgId }
}

function sourcesOf(guides: LoadedGuides, { guideId, tvgIds, name }: GuideTarget): readonly number[] {
  const mapped = guideId?.trim()
  if (mapped) {
    const same = guides.byId.get(mapped.toLowerCase()) ?? []
    return onePerGuide(guides, [same.filter((channel) => guides.channels[channel]?.id === mapped)])
  }
  const byId = tvgIds.flatMap((tvgId) => {
    const wanted = tvgId.trim()
    const same = guides.byId.get(wanted.toLowerCase())
    if (same === undefined) return []
    // Ids that differ in case only are two channels in some guides: the one as written comes first.
    return [same.filter((channel) => guides.channels[channel]?.id === wanted), same]
  })
  if (byId.length > 0) return onePerGuide(guides, byId)
  const plain = plainName(name)
  const byName = guides.byName.get(plain)
  if (byName !== undefined) return onePerGuide(guides, [byName])
  const bare = withoutQuality(name)
  return onePerGuide(guides, [guides.byBareName.get(bare === name ? plain : plainName(bare)) ?? []])
}

const none: readonly number[] = []

/** The first candidate of each guide, in the guides' order. */
function onePerGuide(guides: LoadedGuides, candidates: readonly (readonly number[])[]): readonly number[] {
  if (candidates.length === 1 && candidates[0]?.length === 0) return none
  const first = new Map<number, number>()
  for (const channels of candidates)
    for (const channel of channels) {
      const guide = guides.channels[channel]?.guide ?? 0
      if (!first.has(guide)) first.set(guide, channel)
    }
  return [...first.values()].toSorted((a, b) => a - b)
}

/**
 * The mapped id, or the channel's own tvg-id, under which players have stored it; the channel's id when another
 * channel with other programmes has that one, or when its times are its own.
 */
function freeEpgId(target: GuideTarget, isFree: (epgId: string) => boolean): string {
  const own = target.shiftMinutes === 0 ? target.tvgIds[0] : undefined
  // As a playlist writes it: on one line, without quotes.
  const wanted = (target.guideId?.trim() || own)
    ?.replace(/\p{Cc}+/gu, " ")
    .replaceAll('"', "'")
    .trim()
  if (wanted && isFree(wanted)) return wanted
  let epgId = target.id
  // Somebody's tvg-id may be what another channel has for its id.
  for (let number = 2; !isFree(epgId); number++) epgId = `${target.id}.${number}`
  return epgId
}
