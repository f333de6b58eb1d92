import { env } from "cloudflare:workers"
import { categoryId } from "@tributary/shared/catalogue/category-id"
import type { EntryKind, Feed, GuideProgramme, IndexedChannel } from "@tributary/shared/catalogue/entry"
import { normaliseName } from "@tributary/shared/catalogue/group-key"
import { slug } from "@tributary/shared/catalogue/slug"
import { blockMark, guideHead, guideTail } from "@tributary/shared/snapshot/guide-document"
import { type IndexShard, shardOfId, shardOfName } from "@tributary/shared/snapshot/index-shard"
import {
  addressTemplate,
  logoTemplate,
  pastTemplate,
  placeholder,
} from "@tributary/shared/snapshot/m3u-template"
import type { Manifest, Pointer, Section, View } from "@tributary/shared/snapshot/manifest"
import { objects } from "@tributary/shared/store/keys"
import { PackBuilder } from "./pack-builder.ts"

export interface TestChannel {
  id: string
  name: string
  kind?: EntryKind
  groups?: string[]
  /** Source ids in failover order. */
  sources?: string[]
  /** Its logo is served by us. */
  ownLogo?: boolean
  programmes?: GuideProgramme[]
  catchupDays?: number
}

export interface TestSnapshot {
  previous?: string | null
  digest?: string
  indexShards?: number
  packBytes?: number
}

/** Renders a snapshot as the importer does and puts it into the bucket, unpublished; gives its pointer. */
export async function uploadSnapshot(
  snapshot: string,
  channels: readonly TestChannel[],
  { previous = null, digest = `digest of ${snapshot}`, indexShards = 2, packBytes = 700 }: TestSnapshot = {},
): Promise<Pointer> {
  const packs = new PackBuilder(packBytes)
  const live = await sectionOf(packs, channels, "live")
  const sections = {
    live,
    movie: await sectionOf(packs, channels, "movie"),
    series: await sectionOf(packs, channels, "series"),
    episode: await sectionOf(packs, channels, "episode"),
  }
  const guide = await packs.view(guideOf(channels, live))
  const guideHasLogos = channels.some(({ ownLogo, programmes }) => ownLogo && programmes !== undefined)
  const shards = await indexOf(packs, channels, indexShards)
  const index = [await packs.run(shards.map((shard) => JSON.stringify(shard)))]
  await putSnapshot(packs, { ...emptyManifest(snapshot), sections, index, guide, guideHasLogos })
  return pointerTo(snapshot, { previous, digest, channels: live.entries })
}

/** A snapshot of one playlist, however large: its template, made piece by piece. */
export async function uploadPlaylist(
  snapshot: string,
  template: AsyncIterable<Uint8Array>,
  packBytes: number,
): Promise<Pointer> {
  const packs = new PackBuilder(packBytes)
  const manifest = emptyManifest(snapshot)
  manifest.sections.live = {
    entries: 1,
    playlist: await packs.view(template),
    list: [],
    lineup: [],
    groups: [],
  }
  await putSnapshot(packs, manifest)
  return pointerTo(snapshot, {})
}

const pointerTo = (snapshot: string, more: Partial<Pointer>): Pointer => ({
  snapshot,
  previous: null,
  publishedAt: 1,
  digest: `digest of ${snapshot}`,
  channels: 0,
  ...more,
})

function emptyManifest(snapshot: string): Manifest {
  const section = (): Section => ({ entries: 0, playlist: [], list: [], lineup: [], groups: [] })
  return {
    snapshot,
    packs: [],
    sections: { live: section(), movie: section(), series: section(), episode: section() },
    index: [],
    guide: [],
    guideHasLogos: false,
    admin: { rows: 1, total: 0, pages: [] },
    registry: [],
  }
}

async function putSnapshot(packs: PackBuilder, manifest: Manifest): Promise<void> {
  const { snapshot } = manifest
  await packs.upload(snapshot)
  const whole = JSON.stringify({ ...manifest, packs: packs.lengths } satisfies Manifest)
  await env.SNAPSHOTS.put(objects.manifest(snapshot), whole)
}

const kindOf = ({ kind = "live" }: TestChannel) => kind

async function sectionOf(
  packs: PackBuilder,
  channels: readonly TestChannel[],
  kind: EntryKind,
): Promise<Section> {
  const all = channels.filter((channel) => kindOf(channel) === kind)
  const names = [...new Set(all.flatMap(({ groups = [] }) => groups))].sort((a, b) => (a < b ? -1 : 1))
  const section: Section = { entries: all.length, ...(await viewsOf(packs, all)), groups: [] }
  for (const name of names) {
    const members = all.filter((channel) => channel.groups?.includes(name))
    section.groups.push({
      name,
      slug: slug(name),
      entries: members.length,
      ...(await viewsOf(packs, members)),
    })
  }
  return section
}

async function viewsOf(
  packs: PackBuilder,
  channels: readonly TestChannel[],
): Promise<{ playlist: View; list: View; lineup: View }> {
  const live = channels.filter((channel) => kindOf(channel) === "live")
  return {
    playlist: await packs.view(channels.map(entry).join("")),
    list: await packs.view(channels.map(listRow).join(",\n")),
    lineup: await packs.view(live.map(lineupRow).join(",\n")),
  }
}

/** A playlist entry as a template. */
export function entry(channel: TestChannel): string {
  const { id, name, ownLogo = false, catchupDays } = channel
  const logo = ownLogo ? ` tvg-logo="${logoTemplate(id)}"` : ""
  const past = catchupDays === undefined ? "" : ` catchup-source="${pastTemplate(id)}"`
  const properties = kindOf(channel) === "live" ? String.fromCharCode(placeholder.liveProperties) : ""
  const end = String.fromCharCode(placeholder.attributesEnd)
  return `#EXTINF:-1 tvg-id="${id}"${logo}${past}${end},${name}${properties}\n${addressOf(channel)}\n`
}

/** A row of HDHomeRun's lineup. */
function lineupRow({ id, name }: TestChannel): string {
  return `{"GuideNumber":"${id}","GuideName":${JSON.stringify(name)},"URL":"${addressTemplate(id)}"}`
}

function addressOf({ id, kind }: TestChannel): string {
  if (kind === "movie") return `${String.fromCharCode(placeholder.movieStart)}${id}.mkv`
  if (kind === "episode") return `${String.fromCharCode(placeholder.episodeStart)}${id}.mp4`
  return addressTemplate(id)
}

/** A row of Xtream's lists. */
export function listRow({ id, name, kind = "live", groups = [], ownLogo = false }: TestChannel): string {
  const idKey = kind === "series" ? "series_id" : "stream_id"
  const row = { num: 1, name, [idKey]: Number(id), category_id: categoryId(groups[0] ?? "") }
  const icon = ownLogo ? `,"stream_icon":"${logoTemplate(id)}"` : ""
  return `${JSON.stringify(row).slice(0, -1)}${icon}}`
}

function guideOf(channels: readonly TestChannel[], live: Section): string {
  const blocks = channels.flatMap(({ id, groups = [], programmes = [], ownLogo = false }) => {
    const numbers = groups.map((name) => live.groups.findIndex((group) => group.name === name))
    const icon = `<icon src="${logoTemplate(id)}"/>`
    const element = ownLogo ? `<channel id="${id}">${icon}</channel>\n` : `<channel id="${id}"/>\n`
    const shows = programmes.map(({ title }) => `<programme channel="${id}">${title}</programme>\n`).join("")
    const block = (text: string) => blockMark([id], numbers, new TextEncoder().encode(text).length) + text
    return programmes.length === 0 ? [] : [block(element) + block(shows)]
  })
  return blocks.length === 0 ? "" : guideHead + blocks.join("") + guideTail
}

async function indexOf(
  packs: PackBuilder,
  channels: readonly TestChannel[],
  count: number,
): Promise<IndexShard[]> {
  const shards = Array.from({ length: count }, (): IndexShard => ({ channels: {}, names: {} }))
  for (const channel of channels) {
    const own = shards[shardOfId(channel.id, count)]
    if (own !== undefined) own.channels[channel.id] = await indexed(packs, channel)
    const normalised = normaliseName(channel.name)
    const named = shards[shardOfName(normalised, count)]
    if (named !== undefined) named.names[normalised] = channel.id
  }
  return shards
}

async function indexed(packs: PackBuilder, channel: TestChannel): Promise<IndexedChannel> {
  const { id, name, kind = "live", groups = [], sources = ["acme"], ownLogo = false, programmes } = channel
  const { catchupDays: days } = channel
  const catchup = days === undefined ? {} : { catchup: { days, kind: "default" } }
  return {
    ...(kind === "live" ? {} : { kind }),
    name,
    groups,
    feeds: sources.map((source) => ({ ...feed(id, source), ...catchup })),
    ...(ownLogo ? { logo: { source: "acme", template: "{server}/logo.png" } } : {}),
    ...(programmes === undefined ? {} : { guide: await packs.range(JSON.stringify(programmes)) }),
  }
}

const feed = (id: string, source: string): Feed => ({
  id: `feed-${id}-${source}`,
  source,
  locator: { kind: "url", template: `http://provider.example:8000/${id}/{username}/{password}` },
})
