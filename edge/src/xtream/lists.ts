import { categoryId } from "@tributary/shared/catalogue/category-id"
import type { Group, View } from "@tributary/shared/snapshot/manifest"
import type { Authentication } from "../admission/authenticate.ts"
import type { Edge } from "../edge.ts"
import { noPlaylistParts } from "../playlist/address-parts.ts"
import { fillTemplate } from "../playlist/fill-template.ts"
import type { CacheUse } from "../snapshot/pack-reader.ts"
import type { Snapshot } from "../snapshot/snapshot-reader.ts"
import { bodyOf } from "../transfer/body-of.ts"
import { idOfRow } from "./drop-repeated-rows.ts"
import { joinedRows } from "./joined-rows.ts"

type Allowed = Extract<Authentication, { ok: true }>

/** What Xtream lists of: channels, movies, and titles of series. */
export type ListedSection = "live" | "movie" | "series"

/** `get_live_categories` and its like: the groups that the viewer may see. */
export function categories(snapshot: Snapshot | null, section: ListedSection, who: Allowed): unknown[] {
  return allowedGroups(snapshot, section, who).map(({ name }) => ({
    category_id: categoryId(name),
    category_name: name,
    parent_id: 0,
  }))
}

/** `get_live_streams` and its like: of all groups that the viewer may see, or of one category. */
export function list(
  edge: Edge,
  snapshot: Snapshot | null,
  section: ListedSection,
  { who, category, cache }: { who: Allowed; category: string | null; cache: CacheUse },
): Response {
  const headers = { "content-type": "application/json", "cache-control": "no-store" }
  if (snapshot === null) return new Response("[]", { headers })
  const views = viewsOf(snapshot, section, who, category)
  return new Response(bodyOf(bracketed(rowsOf(edge, snapshot, views, cache))), { headers })
}

/** All rows of a section that the viewer may see, each once, with `,` and a line break between them. */
export function allRows(
  edge: Edge,
  snapshot: Snapshot,
  section: ListedSection,
  { who, cache }: { who: Allowed; cache: CacheUse },
): AsyncIterable<Uint8Array> {
  return rowsOf(edge, snapshot, viewsOf(snapshot, section, who, null), cache)
}

function rowsOf(
  edge: Edge,
  snapshot: Snapshot,
  views: readonly View[],
  cache: CacheUse,
): AsyncIterable<Uint8Array> {
  const rows = joinedRows(edge, snapshot, views, { cache, id: idOfRow })
  return fillTemplate(rows, { ...noPlaylistParts, logoStart: `${edge.config.BASE_URL}/logo/` })
}

function allowedGroups(snapshot: Snapshot | null, section: ListedSection, { groups }: Allowed): Group[] {
  const all = snapshot?.manifest.sections[section].groups ?? []
  return groups === null ? all : all.filter(({ name }) => groups.includes(name))
}

function viewsOf(snapshot: Snapshot, section: ListedSection, who: Allowed, category: string | null): View[] {
  const groups = allowedGroups(snapshot, section, who)
  const isAll = category === null || category === "" || category === "0"
  if (isAll && who.groups === null) return [snapshot.manifest.sections[section].list]
  const wanted = isAll ? groups : groups.filter(({ name }) => categoryId(name) === category)
  return wanted.map((group) => group.list)
}

/** Rows as a JSON array. */
export async function* bracketed(rows: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  const encoder = new TextEncoder()
  yield encoder.encode("[")
  yield* rows
  yield encoder.encode("]")
}
