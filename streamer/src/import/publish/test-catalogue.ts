import type { ChannelEdit } from "@tributary/shared/catalogue/edit"
import type { Entry } from "@tributary/shared/catalogue/entry"
import { attributesOf, locatorOf } from "../catalogue/read-record.ts"
import { RecordWriter } from "../catalogue/record-writer.ts"
import { ChannelRegistry } from "./channels/channel-registry.ts"
import { type ChannelSet, FeedHashes } from "./channels/channel-set.ts"
import { type Kind, sectionOf } from "./channels/group-lists.ts"
import { GroupSets } from "./channels/group-sets.ts"
import { makeChannels, type Shaping } from "./channels/make-channels.ts"
import { sortChannels } from "./channels/sort-channels.ts"
import { RecordSet } from "./columns/record-set.ts"

export const plainShaping: Shaping = { groupBy: "name", sortField: "tvg-name", sortDirection: "asc" }

export interface CatalogueOptions {
  shaping?: Partial<Shaping>
  edits?: Record<string, ChannelEdit>
  registry?: ChannelRegistry
  today?: number
}

/** Catalogues as the importer stores them, in the sources' order, made into channels. */
export function catalogueOf(sources: Record<string, Entry[]>, options: CatalogueOptions = {}) {
  const { edits = {}, registry = ChannelRegistry.empty(), today = 20_000 } = options
  const records = recordsOf(sources)
  const names = Object.keys(sources)
  const shaping = { ...plainShaping, ...options.shaping }
  const channels = makeChannels({
    ...{ records, sources: names, shaping, registry, today },
    edits: new Map(Object.entries(edits)),
  })
  return { channels, sources: names, shaping, registry, next: () => registry.next(channels, today) }
}

function recordsOf(sources: Record<string, Entry[]>): RecordSet {
  const records = new RecordSet(0)
  Object.values(sources).forEach((entries, number) => {
    const writer = new RecordWriter((part) => records.addPart(part, number), 4096)
    for (const entry of entries) writer.write(entry)
    writer.finish()
  })
  return records
}

/** What is shown of a channel, and its feeds in failover order, as a test wants to read it. */
export function described(channels: ChannelSet, sources: readonly string[], channel: number) {
  const { records } = channels
  const ids = new FeedHashes(records, sources)
  const face = records.open(channels.face[channel] as number)
  const shown = {
    id: String(channels.id[channel]),
    name: face.text("name"),
    attributes: attributesOf(face.text("attributes")),
    groups: face.text("groups").split("\u001e").filter(Boolean),
    logo: face.text("logo"),
    logoSource: sources[records.source(channels.face[channel] as number)],
  }
  const feeds = Array.from(channels.feeds(channel), (record) => {
    const id = ids.id(record)
    const locator = locatorOf(records.open(record).text("locator"))
    const at = locator.kind === "url" ? locator.template : locator.streamId
    return { id, source: sources[records.source(record)] ?? "", at }
  })
  return { ...shown, feeds }
}

/** The channels of a kind that are shown, in the playlist's order. */
export function listed(catalogue: ReturnType<typeof catalogueOf>, kind: Kind = "live") {
  const { channels, sources, shaping } = catalogue
  return Array.from(sortChannels(channels, kind, shaping), (channel) => described(channels, sources, channel))
}

/** The groups of a kind with the names of their channels. */
export function groupsOf(catalogue: ReturnType<typeof catalogueOf>, kind: Kind = "live") {
  const { channels, sources, shaping } = catalogue
  const section = sectionOf(new GroupSets(channels), kind, sortChannels(channels, kind, shaping))
  const names = section.groups.map((): string[] => [])
  for (const channel of section.all)
    for (const place of section.groupsOf(channel))
      names[place]?.push(described(channels, sources, channel).name)
  return Object.fromEntries(section.groups.map(({ name }, place) => [name, names[place]]))
}

/** An entry with an address of its own. */
export function entry(
  name: string,
  address: string,
  attributes: Record<string, string> = {},
  more: Partial<Entry> = {},
): Entry {
  return {
    kind: "live",
    name,
    attributes: Object.entries(attributes),
    groups: [],
    locator: { kind: "url", template: address },
    ...more,
  }
}

const marks: Record<string, string> = {
  "\u0001": "<stream>",
  "\u0002": "<end>",
  "\u0003": "<logo>",
  "\u0004": "<movie>",
  "\u0005": "<series>",
  "\u0006": "<past>",
  "\u0007": "<past end>",
  "\u000e": "<attributes end>",
  "\u000f": "<properties>",
}

/** A template with placeholders that a pattern can name. */
export function readable(template: string): string {
  return Object.entries(marks).reduce((text, [mark, name]) => text.replaceAll(mark, name), template)
}
