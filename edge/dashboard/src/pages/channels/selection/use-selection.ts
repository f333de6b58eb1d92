import { useQueryClient } from "@tanstack/react-query"
import type { ChannelPage, ChannelRow } from "@tributary/shared/admin-api/channels"
import { useCallback, useEffect, useRef, useState } from "react"
import { call } from "../../../api/call.ts"
import { tellFailed } from "../../../parts/tell.ts"
import { rowPageQuery } from "../channel-queries.ts"
import type { EditedChannel } from "../edit-channel.ts"
import { type ChannelFilters, listPath } from "../filters/channel-filters.ts"
import { pageSize, pagesOf } from "../table/row-pages.ts"
import { collectRows } from "./collect-rows.ts"
import { add, mostChosen, nothingChosen, rangeTo, type Selection, toggle } from "./selection.ts"

export interface ChannelSelection {
  selection: Selection
  /** So many are there already while all that match are fetched; null: they are not. */
  collected: number | null
  toggleRow: (row: ChannelRow, index: number) => void
  chooseRange: (index: number) => void
  chooseAll: () => void
  clear: () => void
  /** Keeps the edits of chosen channels as they are stored. */
  noteEdited: (edited: readonly EditedChannel[]) => void
}

/** The channels that acts on many are of; other filters begin with none. */
export function useSelection(filters: ChannelFilters): ChannelSelection {
  const client = useQueryClient()
  const [selection, setSelection] = useState(nothingChosen)
  const [collected, setCollected] = useState<number | null>(null)
  const current = useRef(selection)
  current.current = selection
  // What was asked for before other filters, or before "none", is not chosen when it comes.
  const asking = useRef(new AbortController())

  const clear = useCallback(() => {
    asking.current.abort()
    asking.current = new AbortController()
    setSelection(nothingChosen)
    setCollected(null)
  }, [])
  // biome-ignore lint/correctness/useExhaustiveDependencies: other filters are what this is about.
  useEffect(clear, [filters, clear])

  const toggleRow = useCallback(
    (row: ChannelRow, index: number) => setSelection((before) => toggle(before, row, index)),
    [],
  )

  const choose = useCallback(async (fetching: Promise<ChannelRow[]>, from: number) => {
    const { signal } = asking.current
    try {
      const rows = await fetching
      if (!signal.aborted) setSelection((before) => add(before, rows, from))
    } catch (error) {
      if (!signal.aborted) tellFailed("These channels could not be chosen", error as Error)
    } finally {
      if (!signal.aborted) setCollected(null)
    }
  }, [])

  const chooseRange = useCallback(
    (index: number) => {
      const { first, last } = rangeTo(current.current, index)
      const end = Math.min(last, first + mostChosen - 1)
      const pages = pagesOf(first, end).map((page) => client.fetchQuery(rowPageQuery(filters, page)))
      const rows = Promise.all(pages).then((all) => {
        const start = first - Math.floor(first / pageSize) * pageSize
        return all.flatMap(({ channels }) => channels).slice(start, start + end - first + 1)
      })
      void choose(rows, first)
    },
    [client, filters, choose],
  )

  const chooseAll = useCallback(() => {
    setCollected(0)
    const { signal } = asking.current
    const fetchPart = (offset: number, limit: number) =>
      call<ChannelPage>("GET", listPath(filters, offset, limit), undefined, signal)
    const onRows = (count: number) => {
      if (!signal.aborted) setCollected(count)
    }
    void choose(collectRows(fetchPart, 0, mostChosen, onRows), 0)
  }, [filters, choose])

  const noteEdited = useCallback((edited: readonly EditedChannel[]) => {
    setSelection(({ chosen, anchor }) => {
      const changed = new Map(chosen)
      for (const { id, edit } of edited) {
        const before = changed.get(id)
        if (before !== undefined) changed.set(id, { ...before, row: { ...before.row, edit } })
      }
      return { chosen: changed, anchor }
    })
  }, [])

  return { selection, collected, toggleRow, chooseRange, chooseAll, clear, noteEdited }
}
