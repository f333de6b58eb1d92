import { setImmediate } from "node:timers/promises"
import type { Manifest, Section as ManifestSection, Range } from "@tributary/shared/snapshot/manifest"
import { kindBytes } from "../../catalogue/record.ts"
import { hiddenByUser } from "../channels/apply-edits.ts"
import type { Kind, Section } from "../channels/group-lists.ts"
import { pastDays } from "../channels/past-days.ts"
import { ByteWriter } from "../columns/byte-writer.ts"
import type { PackWriter } from "./pack-writer.ts"
import { type AdminInput, AdminRenderer } from "./render-admin.ts"
import { renderLineupRow } from "./render-lineup.ts"
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
  lineup: ViewWriter
}

/** One channel in each of the views; empty where it is not in one. */
type Rows = Record<keyof Views, ByteWriter>

/**
 * Renders the lists that players and admins get. Each row is rendered once, and goes into the view of all
 * channels and into those of its groups while its bytes are at hand.
 */
export class SectionsRenderer {
  readonly #packs: PackWriter
  readonly #input: AdminInput
  readonly #admin: AdminRenderer
  readonly #pages: Promise<Range>[] = []
  readonly #rows: Rows = { playlist: new ByteWriter(), list: new ByteWriter(), lineup: new ByteWriter() }
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
    const rendered: ManifestSection = { entries: all.length, ...(await ended(views)), groups: [] }
    for (const [place, { name, entries }] of groups.entries()) {
      const slug = slugs.get(name) ?? "group"
      rendered.groups.push({ name, slug, entries, ...(await ended(ofGroups[place] as Views)) })
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
    const view = () => new ViewWriter(this.#packs)
    return { playlist: view(), list: view(), lineup: view() }
  }

  #renderChannel({ kind, all, groupsOf }: Section, at: number, views: Views, ofGroups: Views[]): void {
    const { channels, groups } = this.#input
    const channel = all[at] as number
    const { playlist, list, lineup } = this.#rows
    for (const row of [playlist, list, lineup]) row.clear()
    const days = pastDays(channels, channel)
    // A series has no address of its own, and an episode is in no list of Xtream's.
    if (kind !== "series") renderPlaylistEntry({ channels, channel, pastDays: days }, playlist)
    if (kind !== "episode") renderListRow({ channels, channel, number: at + 1, groups, pastDays: days }, list)
    if (kind === "live") renderLineupRow(channels, channel, lineup)
    this.#write(views, segmentBytes)
    for (const place of groupsOf(channel))
      this.#groupsHeld += this.#write(ofGroups[place] as Views, groupSegmentBytes)
    this.#addAdminRow(kind, channel)
  }

  /** Gives the number of bytes that the views hold more than before; less than none when some are compressed. */
  #write(views: Views, atMost: number): number {
    return (
      this.#add(views.playlist, this.#rows.playlist, "", atMost) +
      this.#add(views.list, this.#rows.list, ",\n", atMost) +
      this.#add(views.lineup, this.#rows.lineup, ",\n", atMost)
    )
  }

  #add(view: ViewWriter, row: ByteWriter, between: string, atMost: number): number {
    if (row.length === 0) return 0
    const before = view.out.length
    if (!view.isEmpty) view.out.ascii(between)
    view.out.append(row)
    if (view.out.length >= atMost) view.flush()
    return view.out.length - before
  }

  #flushGroups(ofGroups: readonly Views[]): void {
    for (const views of ofGroups) for (const view of Object.values(views)) view.flush()
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

async function ended({ playlist, list, lineup }: Views) {
  return { playlist: await playlist.end(), list: await list.end(), lineup: await lineup.end() }
}
