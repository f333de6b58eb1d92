import { useDebouncedValue } from "@mantine/hooks"
import { type UseQueryResult, useQueries, useQuery, useQueryClient } from "@tanstack/react-query"
import type { ChannelRow } from "@tributary/shared/admin-api/channels"
import { useCallback, useMemo, useState } from "react"
import { firstPageQuery, type RowPage, rowPageQuery } from "../channel-queries.ts"
import type { ChannelFilters } from "../filters/channel-filters.ts"
import { pageSize, pagesOf, placeOf } from "./row-pages.ts"

export interface ChannelRows {
  first: UseQueryResult<RowPage>
  /** Of all rows that are asked for; null: not known yet. */
  total: number | null
  /** What the rows were asked for with: those of the filters before, until the new ones are there. */
  shown: ChannelFilters
  /** Undefined: it is not here yet. */
  rowAt: (index: number) => ChannelRow | undefined
  /** Says which rows are in sight. */
  onSight: (first: number, last: number) => void
  /** A page in sight, other than the first one, that did not come. */
  failed: UseQueryResult<RowPage> | undefined
}

// Pages that a dragged scroll bar only passes are not asked for.
const restMs = 120
// Rows beyond the ones in sight, so that slow scrolling meets none that is missing.
const ahead = pageSize / 2

/** Rows of a list of any length: the pages in sight are fetched, others are kept for a while. */
export function useChannelRows(filters: ChannelFilters): ChannelRows {
  const client = useQueryClient()
  const first = useQuery(firstPageQuery(filters))
  const shown = first.data?.filters ?? filters
  const total = first.data?.total ?? null
  const [sight, setSight] = useState<PagesInSight>({ from: 0, to: 0 })
  const [rested] = useDebouncedValue(sight, restMs)
  const lastPage = placeOf(Math.max(0, (total ?? 1) - 1)).page
  const pages = useQueries({
    queries: pagesOf(rested.from * pageSize, rested.to * pageSize)
      .filter((page) => page > 0 && page <= lastPage)
      .map((page) => rowPageQuery(shown, page)),
  })
  const fetched = pages.map(({ dataUpdatedAt }) => dataUpdatedAt).join()

  // biome-ignore lint/correctness/useExhaustiveDependencies: what was fetched is read from the cache.
  const rowAt = useMemo(() => {
    const known = new Map<number, readonly ChannelRow[] | undefined>([[0, first.data?.channels]])
    return (index: number) => {
      const { page, at } = placeOf(index)
      if (!known.has(page)) known.set(page, client.getQueryData(rowPageQuery(shown, page).queryKey)?.channels)
      return known.get(page)?.[at]
    }
  }, [client, shown, first.data, fetched])

  const onSight = useCallback((firstRow: number, lastRow: number) => {
    const from = placeOf(Math.max(0, firstRow - ahead)).page
    const to = placeOf(lastRow + ahead).page
    setSight((before) => (before.from === from && before.to === to ? before : { from, to }))
  }, [])
  const failed = pages.find(({ error }) => error !== null)
  return { first, total, shown, rowAt, onSight, failed }
}

/** Numbers of the first and the last one. */
interface PagesInSight {
  from: number
  to: number
}
