import { logoTemplate } from "@tributary/shared/snapshot/m3u-template"
import type { EdgeClient } from "../../../store/edge-client.ts"
import { attributesOf } from "../../catalogue/read-record.ts"
import type { LoadedGuides } from "../../guide/load-guides.ts"
import { type GuideMatch, type GuideTarget, matchGuides } from "../../guide/match-guides.ts"
import { type RenderedGuide, renderGuide } from "../../guide/render-guide.ts"
import type { PackWriter } from "../render/pack-writer.ts"
import type { Edits } from "./apply-edits.ts"
import type { ChannelSet } from "./channel-set.ts"
import type { Section } from "./group-lists.ts"
import { type FaceChange, rewriteFaces } from "./rewrite-faces.ts"

/**
 * Finds each live channel's programmes in the guides. A channel that stands in our guide under another id than
 * its tvg-id gets that one in the playlist, and a shift that the guide's times have is taken out of it. Null
 * when there are no guides.
 */
export function matchChannels(
  guides: LoadedGuides,
  channels: ChannelSet,
  live: Section,
  edits: Edits,
): GuideMatch | null {
  if (guides.isEmpty) return null
  const match = matchGuides(guides, targetsOf(channels, live, edits))
  const changes: [number, FaceChange][] = []
  for (const channel of live.all) {
    const epgId = match.epgIdOf(String(channels.id[channel]))
    if (epgId === undefined) continue
    const face = channels.records.open(channels.face[channel] as number)
    const withoutShift = shiftPattern.test(face.text("attributes"))
    if (withoutShift || face.text("tvgId") !== epgId) changes.push([channel, { tvgId: epgId, withoutShift }])
  }
  rewriteFaces(channels, changes)
  return match
}

const shiftPattern = / tvg-shift="([^"]*)"/i

function* targetsOf(channels: ChannelSet, live: Section, edits: Edits): Generator<GuideTarget> {
  const { records } = channels
  for (const channel of live.all) {
    const id = String(channels.id[channel])
    const tvgIds = new Set<string>()
    for (const record of channels.feeds(channel)) tvgIds.add(records.open(record).text("tvgId"))
    const face = records.open(channels.face[channel] as number)
    const edit = edits.get(id)
    const text = face.text("attributes")
    const own = face.text("tvgId")
    tvgIds.delete(own)
    const ids = [own, ...tvgIds].filter((tvgId) => tvgId !== "")
    yield {
      id,
      name: face.text("name"),
      tvgIds: ids,
      guideId: edit?.guideId ?? null,
      shiftMinutes: edit?.guideShiftMinutes ?? shiftOf(text),
      groups: live.groupsOf(channel),
      icon: face.isEmpty("logo") ? logoOf(text) : logoTemplate(id),
    }
  }
}

/** `tvg-shift` is in hours, with a sign and a fraction. */
function shiftOf(attributes: string): number {
  const hours = Number(shiftPattern.exec(attributes)?.[1] ?? 0)
  return Number.isFinite(hours) && Math.abs(hours) <= 24 ? Math.round(hours * 60) : 0
}

const logoOf = (attributes: string) =>
  attributesOf(attributes).find(([name]) => name.toLowerCase() === "tvg-logo")?.[1] ?? ""

/** The guide of a snapshot, and where each channel's programmes are. */
export async function renderMatched(
  edge: EdgeClient,
  match: GuideMatch | null,
  packs: PackWriter,
  now: number,
): Promise<RenderedGuide> {
  return match === null ? noGuide : renderGuide(edge, match, packs, now)
}

const noGuide: RenderedGuide = { view: [], hasLogos: false, locations: new Map() }
