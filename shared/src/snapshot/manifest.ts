import * as z from "zod"

const count = z.int().nonnegative()

/** Bytes of a pack object: `[pack number, offset, length]`. */
const rangeSchema = z.tuple([count, count, count])
/** One gzip stream, cut into the ranges that hold it one after the other. Nothing: an empty list. */
const viewSchema = z.array(rangeSchema)

const groupSchema = z.object({
  name: z.string(),
  slug: z.string(),
  entries: count,
  playlist: viewSchema,
  list: viewSchema,
  lineup: viewSchema.default([]),
})

const sectionSchema = z.object({
  entries: count,
  /** M3U template (`m3u-template.ts`) without its head, of all entries. */
  playlist: viewSchema,
  /** Xtream's list of all entries without its brackets, `,` and a line break between rows. */
  list: viewSchema,
  /** HDHomeRun's list of live channels, in the form of `list`; empty in other sections, and in older snapshots. */
  lineup: viewSchema.default([]),
  /** In alphabetical order. One name has the same slug in every section. */
  groups: z.array(groupSchema),
})

/** What is in a snapshot and where; the object `snapshots/{id}/manifest.json`. */
export const manifestSchema = z.object({
  snapshot: z.string(),
  /** Lengths in bytes of `snapshots/{id}/packs/{0,1,…}`. */
  packs: z.array(count),
  sections: z.object({
    live: sectionSchema,
    movie: sectionSchema,
    series: sectionSchema,
    episode: sectionSchema,
  }),
  /** Index shards in their order, each a gzip stream of its own; a run of them lies in one pack. */
  index: z.array(z.object({ pack: count, offset: count, lengths: z.array(count) })),
  /** XMLTV document (`guide-document.ts`). */
  guide: viewSchema,
  /** Whether logos that are served by us are in it, as placeholders (`m3u-template.ts`); never in older snapshots. */
  guideHasLogos: z.boolean().default(false),
  /** Rows for the admin API, hidden channels included: NDJSON pages of `rows` rows, the last one shorter. */
  admin: z.object({ rows: count, total: count, pages: z.array(rangeSchema) }),
  /** Memory of channel ids for the next publication (`channel-registry.ts` of the importer). */
  registry: viewSchema,
})

export type Manifest = z.output<typeof manifestSchema>
export type Range = z.output<typeof rangeSchema>
export type View = z.output<typeof viewSchema>
export type Group = z.output<typeof groupSchema>
export type Section = z.output<typeof sectionSchema>

/** The pointer object `current.json`: which snapshot is current. */
export const pointerSchema = z.object({
  snapshot: z.string(),
  /** Kept for readers that are in the middle of it; null for the first one. */
  previous: z.string().nullable(),
  /** Unix seconds. */
  publishedAt: count,
  /** Of everything that the snapshot is made from: two publications of the same have the same digest. */
  digest: z.string(),
  /** Live channels. */
  channels: count,
})

export type Pointer = z.output<typeof pointerSchema>

/** A channel as the admin API lists it; one line of an admin page. */
export interface AdminRow {
  id: string
  kind: "live" | "movie" | "series" | "episode"
  name: string
  groups: string[]
  /** As in the playlist; empty when there is none. */
  tvgId: string
  /** Address, or `{channel id}` alone for a logo that is served at `/logo/{id}`. */
  logo: string
  number: number | null
  feeds: { id: string; source: string; name: string }[]
  hidden: boolean
  /** Whether the guide has programmes for it. */
  guide: boolean
}
