import { setImmediate } from "node:timers/promises"
import type { Manifest, Section as ManifestSection, Range } from "@tributary/shared/snapshot/manifest"
import { kindBytes } from "../../catalogue/record.ts"
import { hiddenByUser } from "../channels/apply-edits.ts"
import type { Kind, Section } from "../channels/group-lists.ts"
import { ByteWriter } from "../columns/byte-writer.ts"
import type { PackWriter } from "./pack-writer.ts"
import { type AdminInput, AdminRenderer } from "./render-admin.ts"
import { renderListRow } from "./render-list.ts"
import { renderPlaylistEntry } from "./render-playlist.ts"
import { ViewWriter } from "./view-writer.ts"

// Compressed in one go, in another thread.
const segmentBytes = 512 * 1024
// Of a group's views; and what all groups' views may hold in memory together before they are compressed.
const groupSegmentBytes = 64 * 1024
const groupsBytes = 32 * 1024 * 1024
const adminRows = 1_000
// How many rows are rendered before others get their turn: packs on their way to the edge, above all.
const rowsInTurn = 500

interface Views {
  playlist: ViewWriter
  list: ViewWriter
}

/**
 * Renders the lists that players and admins get. Each row is rendered once, and goes into the view of all
 * channels and into those of its groups while its bytes are at hand.
 */
export class SectionsRenderer {
  readonly #packs: PackWriter
  readonly #input: AdminInput
  readonly #admin: AdminRenderer
  readonly #pages: Promise<Range>[] = []
  readonly #entry = new ByteWriter()
  readonly #row = new ByteWriter()
  readonly #adminOut = new ByteWriter()
  #adminTotal = 0
  #groupsHeld = 0

  constructor(packs: PackWriter, input: AdminInput) {
    this.#packs = packs
    this.#input = input
    this.#admin = new AdminRenderer(input)
  }

  async render(section: Section, slugs: ReadonlyMap<string, string>): Promise<ManifestSection> {
    const { kind, all, groups } = section
    const views = this.#views()
    const ofGroups = groups.map(() => this.#views())
    for (let at = 0; at < all.length; at++) {
      this.#renderChannel(section, at, views, ofGroups)
      if (this.#groupsHeld > groupsBytes) this.#flushGroups(ofGroups)
      if (at % rowsInTurn !== 0) continue
      await this.#packs.room()
      await setImmediate()
    }
    this.#addHidden(kind)
    const rendered: ManifestSection = {
      entries: all.length,
      playlist: await views.playlist.end(),
      list: await views.list.end(),
      groups: [],
    }
    for (const [place, { name, entries }] of groups.entries()) {
      const { playlist, list } = ofGroups[place] as Views
      const slug = slugs.get(name) ?? "group"
      rendered.groups.push({ name, slug, entries, playlist: await playlist.end(), list: await list.end() })
    }
    this.#groupsHeld = 0
    return rendered
  }

  /** The admin's rows of all sections that were rendered. */
  async adminPages(): Promise<Manifest["admin"]> {
    if (this.#adminOut.length > 0) this.#pages.push(this.#packs.addText(this.#adminOut.take()))
    return { rows: adminRows, total: this.#adminTotal, pages: await Promise.all(this.#pages) }
  }

  #views(): Views {
    return { playlist: new ViewWriter(this.#packs), list: new ViewWriter(this.#packs) }
  }

  #renderChannel({ kind, all, groupsOf }: Section, at: number, views: Views, ofGroups: Views[]): void {
    const { channels, groups } = this.#input
    const channel = all[at] as number
    const entry = this.#entry
    const row = this.#row
    entry.clear()
    row.clear()
    // A series has no address of its own, and an episode is in no list of Xtream's.
    if (kind !== "series") renderPlaylistEntry(channels, channel, entry)
    if (kind !== "episode") renderListRow({ channels, channel, number: at + 1, groups }, row)
    this.#write(views, entry, row, segmentBytes)
    for (const place of groupsOf(channel))
      this.#groupsHeld += this.#write(ofGroups[place] as Views, entry, row, groupSegmentBytes)
    this.#addAdminRow(kind, channel)
  }

  /** Gives the number of bytes that the views hold more than before; less than none when some are compressed. */
  #write({ playlist, list }: Views, entry: ByteWriter, row: ByteWriter, atMost: number): number {
    const before = playlist.out.length + list.out.length
    playlist.out.append(entry)
    if (row.length > 0 && !list.isEmpty) list.out.ascii(",\n")
    list.out.append(row)
    for (const view of [playlist, list]) if (view.out.length >= atMost) view.flush()
    return playlist.out.length + list.out.length - before
  }

  #flushGroups(ofGroups: readonly Views[]): void {
    for (const { playlist, list } of ofGroups) {
      playlist.flush()
      list.flush()
    }
    this.#groupsHeld = 0
  }

  #addAdminRow(kind: Kind, channel: number): void {
    this.#admin.render(kind, channel, this.#adminOut)
    if (++this.#adminTotal % adminRows === 0) this.#pages.push(this.#packs.addText(this.#adminOut.take()))
  }

  /** Who hid a channel wants to find it. */
  #addHidden(kind: Kind): void {
    const { channels } = this.#input
    for (let channel = 0; channel < channels.count; channel++)
      if (channels.hidden[channel] === hiddenByUser && channels.kind[channel] === kindBytes[kind])
        this.#addAdminRow(kind, channel)
  }
}
