import { type KeyboardEvent, type RefObject, useCallback, useEffect, useRef, useState } from "react"
import type { RowControl, RowKeys } from "./channel-row.tsx"
import { rowAfterKey } from "./row-keys.ts"

interface RowFocus extends RowKeys {
  /** The row that has the focus, or had it last. */
  current: number
  toTop: () => void
}

interface List {
  scroller: RefObject<HTMLElement | null>
  count: number
  rowsInSight: number
  scrollTo: (index: number) => void
}

/** Moves the focus up and down the rows by keys, to rows too that are drawn only when they are scrolled to. */
export function useRowFocus(list: List): RowFocus {
  const [current, setCurrent] = useState(0)
  const [wanted, setWanted] = useState<{ index: number; control: RowControl } | null>(null)
  const { scroller } = list
  const latest = useRef(list)
  latest.current = list

  // The row may be drawn now, or only after the next scroll event; then this runs again.
  useEffect(() => {
    if (wanted === null) return
    const row = scroller.current?.querySelector(`[data-index="${wanted.index}"]`)
    const control = row?.querySelector<HTMLElement>(`[data-control="${wanted.control}"]`)
    if (!control) return
    control.focus({ preventScroll: true })
    setWanted(null)
  })

  const onKey = useCallback((event: KeyboardEvent, index: number, control: RowControl) => {
    const { count, rowsInSight, scrollTo } = latest.current
    const next = rowAfterKey(event.key, index, count, rowsInSight)
    if (next === null || event.altKey || event.ctrlKey || event.metaKey) return
    event.preventDefault()
    scrollTo(next)
    setCurrent(next)
    setWanted({ index: next, control })
  }, [])
  const onFocusRow = useCallback((index: number) => {
    setCurrent(index)
    setWanted((before) => (before?.index === index ? before : null))
  }, [])
  const toTop = useCallback(() => {
    setCurrent(0)
    setWanted(null)
  }, [])
  return { current, onFocusRow, onKey, toTop }
}
