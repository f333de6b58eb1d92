import type { AdminRow, Manifest } from "@tributary/shared/snapshot/manifest"
import type { Edge } from "../../edge.ts"
import { readPages, SnapshotGoneError } from "./admin-pages.ts"
import { type RowQuery, rowFilter } from "./row-filter.ts"

export interface RowPage {
  /** Of all rows that are asked for, not only of this page. */
  total: number
  rows: AdminRow[]
}

/** The rows that a query asks for, in the playlist's order; none before the first import. */
export async function queryRows(edge: Edge, query: RowQuery): Promise<RowPage> {
  const filter = rowFilter(query)
  const page = await fromCurrent(edge, (manifest) =>
    filter === null
      ? slicedRows(edge.bucket, manifest, query)
      : filteredRows(edge.bucket, manifest, query, filter),
  )
  return page ?? { total: 0, rows: [] }
}

/** The rows of these channels, by id; reads on until it has found them all. */
export async function findRows(edge: Edge, ids: ReadonlySet<string>): Promise<Map<string, AdminRow>> {
  const find = async (manifest: Manifest) => {
    const found = new Map<string, AdminRow>()
    for await (const page of readPages(edge.bucket, manifest)) {
      // Most pages have nothing of one channel, and need not be parsed to know that.
      const [only] = ids
      if (ids.size === 1 && !page.includes(`"${only}"`)) continue
      for (const row of parseRows(page)) if (ids.has(row.id)) found.set(row.id, row)
      if (found.size === ids.size) break
    }
    return found
  }
  return ids.size === 0 ? new Map() : ((await fromCurrent(edge, find)) ?? new Map())
}

/** Reads the current snapshot; anew from the next one when it was replaced twice meanwhile. */
async function fromCurrent<T>(edge: Edge, read: (manifest: Manifest) => Promise<T>): Promise<T | null> {
  const now = Date.now()
  const current = await edge.snapshots.current(now)
  if (current === null) return null
  try {
    return await read(current.manifest)
  } catch (error) {
    if (!(error instanceof SnapshotGoneError)) throw error
    edge.snapshots.forgetPointer()
    const next = await edge.snapshots.current(now)
    return next === null ? null : read(next.manifest)
  }
}

/** Every page but the last has the same number of rows, so an offset says which pages to read. */
async function slicedRows(
  bucket: R2Bucket,
  manifest: Manifest,
  { offset, limit }: RowQuery,
): Promise<RowPage> {
  const { rows: perPage, total } = manifest.admin
  if (offset >= total) return { total, rows: [] }
  const first = Math.floor(offset / perPage)
  const last = Math.floor((Math.min(offset + limit, total) - 1) / perPage)
  const rows: AdminRow[] = []
  for await (const page of readPages(bucket, manifest, first, last)) rows.push(...parseRows(page))
  const start = offset - first * perPage
  return { total, rows: rows.slice(start, start + limit) }
}

async function filteredRows(
  bucket: R2Bucket,
  manifest: Manifest,
  { offset, limit }: RowQuery,
  filter: (row: AdminRow) => boolean,
): Promise<RowPage> {
  const rows: AdminRow[] = []
  let total = 0
  for await (const page of readPages(bucket, manifest))
    for (const row of parseRows(page)) {
      if (!filter(row)) continue
      if (total >= offset && rows.length < limit) rows.push(row)
      total++
    }
  return { total, rows }
}

// One call for a page is faster than one for each row; a line break stands only between rows.
function parseRows(page: string): AdminRow[] {
  return JSON.parse(`[${page.trimEnd().replaceAll("\n", ",")}]`) as AdminRow[]
}
