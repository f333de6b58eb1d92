import type { GuideLocation } from "@tributary/shared/catalogue/entry"
import { blockMark, guideHead, guideTail } from "@tributary/shared/snapshot/guide-document"
import type { View } from "@tributary/shared/snapshot/manifest"
import type { PackWriter } from "../publish/render/pack-writer.ts"
import { ViewWriter } from "../publish/render/view-writer.ts"
import type { GuideBlock, GuideMatch } from "./match-guides.ts"
import { mergeProgrammes, type PlacedProgramme } from "./merge-programmes.ts"
import { isOwnLogo, programmesAsJson, writeChannel, writeProgrammes } from "./render-programmes.ts"
import { ScratchBytes } from "./scratch-bytes.ts"
import type { GuideStore } from "./stored-guides.ts"
import { StoredProgrammes } from "./stored-programmes.ts"

// Compressed in one go.
const segmentBytes = 256 * 1024

export interface RenderedGuide {
  view: View
  /** Logos that are served by us are in it, as placeholders (`m3u-template.ts`). */
  hasLogos: boolean
  /** Where each channel's programmes are, by its id. */
  locations: ReadonlyMap<string, GuideLocation>
}

/**
 * Renders the guide of a snapshot into packs: one XMLTV document (`guide-document.ts`), and each channel's
 * programmes as JSON. `now` in Unix milliseconds: guides without programmes from then on come last.
 */
export async function renderGuide(
  store: GuideStore,
  match: GuideMatch,
  packs: PackWriter,
  now: number = Date.now(),
): Promise<RenderedGuide> {
  const { guides, blocks } = match
  const wanted = new Set(blocks.flatMap(({ sources }) => [...sources]))
  const stored = await StoredProgrammes.open(store, guides, wanted)
  try {
    const document = new GuideDocument(packs)
    for (const block of blocks) {
      const icons = block.sources.map((source) => guides.channels[source]?.icon ?? "")
      await document.add(block, (out) => writeChannel(out, block, icons.find((icon) => icon !== "") ?? ""))
    }
    const locations = new Map<string, GuideLocation>()
    for (const block of blocks) {
      const programmes = programmesOf(stored, match, block, now / 1000)
      if (programmes.length === 0) continue
      const [location] = await Promise.all([
        packs.addText(programmesAsJson(block.shiftMinutes, programmes)),
        document.add(block, (out) => writeProgrammes(out, block, programmes)),
      ])
      for (const channelId of block.channelIds) locations.set(channelId, location)
    }
    const hasLogos = blocks.some(({ icon }) => isOwnLogo(icon))
    return { view: await document.end(), hasLogos, locations }
  } finally {
    stored.close()
  }
}

function programmesOf(
  stored: StoredProgrammes,
  { guides }: GuideMatch,
  { sources, shiftMinutes }: GuideBlock,
  nowSeconds: number,
): PlacedProgramme[] {
  const found = stored.read(sources).map((records, at) => ({
    records,
    until: guides.channels[sources[at] ?? -1]?.until ?? 0,
  }))
  return mergeProgrammes(
    found.filter(({ records }) => records.length > 0),
    nowSeconds - shiftMinutes * 60,
  )
}

/** The XMLTV document on its way into packs. */
class GuideDocument {
  readonly #packs: PackWriter
  readonly #view: ViewWriter
  readonly #block = new ScratchBytes(segmentBytes)

  constructor(packs: PackWriter) {
    this.#packs = packs
    this.#view = new ViewWriter(packs)
    this.#view.out.text(guideHead)
  }

  /** Adds a marked block. */
  async add({ channelIds, groups }: GuideBlock, write: (out: ScratchBytes) => void): Promise<void> {
    const block = this.#block
    const { out } = this.#view
    block.length = 0
    write(block)
    const inOrder = [...groups].toSorted((a, b) => a - b)
    out.text(blockMark(channelIds, inOrder, block.length)).copy(block.bytes, 0, block.length)
    if (out.length < segmentBytes) return
    this.#view.flush()
    await this.#packs.room()
  }

  end(): Promise<View> {
    this.#view.out.text(guideTail)
    return this.#view.end()
  }
}
