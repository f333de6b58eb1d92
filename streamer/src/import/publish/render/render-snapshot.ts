import { setImmediate } from "node:timers/promises"
import type { Manifest } from "@tributary/shared/snapshot/manifest"
import type { EdgeClient } from "../../../store/edge-client.ts"
import type { LoadedGuides } from "../../guide/load-guides.ts"
import type { Edits } from "../channels/apply-edits.ts"
import type { ChannelSet } from "../channels/channel-set.ts"
import { type Kind, sectionOf, slugsOf } from "../channels/group-lists.ts"
import { GroupSets } from "../channels/group-sets.ts"
import type { Shaping } from "../channels/make-channels.ts"
import { matchChannels, renderMatched } from "../channels/match-channels.ts"
import { sortChannels } from "../channels/sort-channels.ts"
import { tellApart } from "../channels/tell-apart.ts"
import { ByteWriter } from "../columns/byte-writer.ts"
import type { PackWriter } from "./pack-writer.ts"
import { IndexRenderer } from "./render-index.ts"
import { SectionsRenderer } from "./render-sections.ts"

// How many shards are rendered before packs on their way to the edge get their turn.
const shardsInTurn = 16

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

type Rendered = Pick<Manifest, "sections" | "index" | "guide" | "guideHasLogos" | "admin">

/** Renders everything that a snapshot serves into packs; gives what is where. */
export async function renderSnapshot(options: RenderOptions): Promise<Rendered> {
  const { edge, channels, sources, shaping, packs, edits, guides, now } = options
  const groups = new GroupSets(channels)
  const listed = (kind: Kind) => sectionOf(groups, kind, sortChannels(channels, kind, shaping))
  const lists = {
    live: listed("live"),
    movie: listed("movie"),
    series: listed("series"),
    episode: listed("episode"),
  }
  const matched = matchChannels(guides, channels, lists.live, edits)
  tellApart(channels, lists.live.all, edits)
  const guide = await renderMatched(edge, matched, packs, now)
  const hasGuide = (id: string) => guide.locations.has(id)
  const renderer = new SectionsRenderer(packs, { channels, groups, sources, hasGuide })
  const slugs = slugsOf(Object.values(lists))
  const sections = {
    live: await renderer.render(lists.live, slugs),
    movie: await renderer.render(lists.movie, slugs),
    series: await renderer.render(lists.series, slugs),
    episode: await renderer.render(lists.episode, slugs),
  }
  const order = inTurn(Object.values(lists).map(({ all }) => all))
  const index = await renderShards(
    packs,
    new IndexRenderer({ channels, groups, sources, order, guide: guide.locations }),
  )
  const { view, hasLogos } = guide
  return { sections, index, guide: view, guideHasLogos: hasLogos, admin: await renderer.adminPages() }
}

async function renderShards(packs: PackWriter, renderer: IndexRenderer): Promise<Manifest["index"]> {
  const runs: Manifest["index"] = []
  const out = new ByteWriter()
  for (let shard = 0; shard < renderer.count; shard++) {
    if (shard % shardsInTurn === 0) await setImmediate()
    renderer.render(shard, out)
    const [pack, offset, length] = await packs.addText(out.bytes)
    out.clear()
    const run = runs.at(-1)
    if (run?.pack === pack) run.lengths.push(length)
    else runs.push({ pack, offset, lengths: [length] })
  }
  return runs
}

function* inTurn(lists: Iterable<Iterable<number>>): Generator<number> {
  for (const list of lists) yield* list
}
