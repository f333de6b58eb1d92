import type { GuideLocation } from "@tributary/shared/catalogue/entry"
import type {
  Group,
  Manifest,
  Section as ManifestSection,
  Range,
  View,
} from "@tributary/shared/snapshot/manifest"
import type { EdgeClient } from "../../store/edge-client.ts"
import { kindBytes } from "../catalogue/record.ts"
import type { LoadedGuides } from "../guide/load-guides.ts"
import { type Edits, hiddenByUser } from "./apply-edits.ts"
import { ByteWriter } from "./byte-writer.ts"
import type { ChannelSet } from "./channel-set.ts"
import { type Kind, type Section, sectionOf, slugsOf } from "./group-lists.ts"
import { GroupSets } from "./group-sets.ts"
import type { Shaping } from "./make-channels.ts"
import { matchChannels, renderMatched } from "./match-channels.ts"
import type { PackWriter } from "./pack-writer.ts"
import { AdminRenderer } from "./render-admin.ts"
import { IndexRenderer } from "./render-index.ts"
import { renderListRow } from "./render-list.ts"
import { renderPlaylistEntry } from "./render-playlist.ts"
import { sortChannels } from "./sort-channels.ts"

// Rendered in one go, before others get their turn.
const batchBytes = 512 * 1024
// What is compressed in other threads while the next ones are rendered.
const groupsAtATime = 4
const adminRows = 1_000

export interface RenderOptions {
  edge: EdgeClient
  packs: PackWriter
  channels: ChannelSet
  sources: readonly string[]
  shaping: Shaping
  edits: Edits
  guides: LoadedGuides
  /** Unix milliseconds. */
  now: number
}

type Rendered = Pick<Manifest, "sections" | "index" | "guide" | "admin">

/** Renders everything that a snapshot serves into packs; gives what is where. */
export async function renderSnapshot(options: RenderOptions): Promise<Rendered> {
  const { channels, sources, shaping, packs } = options
  const listed = (kind: Kind) => sectionOf(channels, kind, sortChannels(channels, kind, shaping))
  const lists = {
    live: listed("live"),
    movie: listed("movie"),
    series: listed("series"),
    episode: listed("episode"),
  }
  const matched = matchChannels(options.guides, channels, lists.live, options.edits)
  const slugs = slugsOf(Object.values(lists))
  const section = (list: Section) => renderSection(packs, channels, list, slugs)
  const sections = {
    live: await section(lists.live),
    movie: await section(lists.movie),
    series: await section(lists.series),
    episode: await section(lists.episode),
  }
  const guide = await renderMatched(options.edge, matched, packs, options.now)
  const order = Object.values(lists).map(({ all }) => all)
  const index = await renderShards(
    packs,
    new IndexRenderer({ channels, sources, order: inTurn(order), guide: guide.locations }),
  )
  const admin = await renderAdmin(packs, channels, sources, lists, guide.locations)
  return { sections, index, guide: guide.view, admin }
}

async function renderSection(
  packs: PackWriter,
  channels: ChannelSet,
  { kind, all, groups }: Section,
  slugs: ReadonlyMap<string, string>,
): Promise<ManifestSection> {
  const groupSets = new GroupSets()
  // Rows keep the number that they have among all, whichever list they are in.
  const numbers = new Uint32Array(channels.count)
  all.forEach((channel, at) => {
    numbers[channel] = at + 1
  })
  const playlist = async (list: ArrayLike<number>): Promise<View> =>
    kind === "series"
      ? []
      : renderView(packs, list, (channel, out) => renderPlaylistEntry(channels, channel, out))
  const rows = async (list: ArrayLike<number>): Promise<View> =>
    kind === "episode"
      ? []
      : renderView(packs, list, (channel, out, isFirst) => {
          if (!isFirst) out.ascii(",\n")
          renderListRow({ channels, channel, number: numbers[channel] as number, groups: groupSets }, out)
        })
  const section: ManifestSection = {
    entries: all.length,
    playlist: await playlist(all),
    list: await rows(all),
    groups: [],
  }
  const waiting: Promise<Group>[] = []
  const take = async () => {
    const group = await waiting.shift()
    if (group !== undefined) section.groups.push(group)
  }
  for (const { name, channels: members } of groups) {
    const views = [playlist(members), rows(members)] as const
    waiting.push(
      Promise.all(views).then(([playlistView, list]) => {
        const slug = slugs.get(name) ?? "group"
        return { name, slug, entries: members.length, playlist: playlistView, list }
      }),
    )
    if (waiting.length > groupsAtATime) await take()
  }
  while (waiting.length > 0) await take()
  return section
}

/** Renders one batch while the one before is compressed in another thread. */
async function renderView(
  packs: PackWriter,
  list: ArrayLike<number>,
  render: (channel: number, out: ByteWriter, isFirst: boolean) => void,
): Promise<View> {
  const view = packs.view()
  const outs = [new ByteWriter(), new ByteWriter()] as const
  let out = outs[0]
  let compressing: Promise<void> = Promise.resolve()
  for (let at = 0; at < list.length; at++) {
    render(list[at] as number, out, at === 0)
    if (out.length < batchBytes) continue
    await compressing
    compressing = view.write(out.bytes)
    out = out === outs[0] ? outs[1] : outs[0]
    out.clear()
  }
  await compressing
  return view.end(out.take())
}

async function renderShards(packs: PackWriter, renderer: IndexRenderer): Promise<Manifest["index"]> {
  const runs: Manifest["index"] = []
  const out = new ByteWriter()
  for (let shard = 0; shard < renderer.count; shard++) {
    renderer.render(shard, out)
    const [pack, offset, length] = await packs.addText(out.bytes)
    out.clear()
    const run = runs.at(-1)
    if (run?.pack === pack) run.lengths.push(length)
    else runs.push({ pack, offset, lengths: [length] })
  }
  return runs
}

/** Hidden channels too: who hid them wants to find them. */
async function renderAdmin(
  packs: PackWriter,
  channels: ChannelSet,
  sources: readonly string[],
  lists: Record<Kind, Section>,
  guide: ReadonlyMap<string, GuideLocation>,
): Promise<Manifest["admin"]> {
  const renderer = new AdminRenderer({ channels, sources, hasGuide: (id: string) => guide.has(id) })
  const out = new ByteWriter()
  const pages: Range[] = []
  let total = 0
  for (const kind of ["live", "movie", "series", "episode"] as const)
    for (const channel of inTurn([lists[kind].all, hiddenChannels(channels, kind)])) {
      renderer.render(kind, channel, out)
      if (++total % adminRows === 0) pages.push(await packs.addText(out.take()))
    }
  if (out.length > 0) pages.push(await packs.addText(out.take()))
  return { rows: adminRows, total, pages }
}

function* hiddenChannels(channels: ChannelSet, kind: Kind): Generator<number> {
  for (let channel = 0; channel < channels.count; channel++)
    if (channels.hidden[channel] === hiddenByUser && channels.kind[channel] === kindBytes[kind]) yield channel
}

function* inTurn(lists: Iterable<Iterable<number>>): Generator<number> {
  for (const list of lists) yield* list
}
