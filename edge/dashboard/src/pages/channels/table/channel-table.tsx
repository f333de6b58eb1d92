import { defaultRangeExtractor, type Range, useVirtualizer } from "@tanstack/react-virtual"
import type { ChannelRow as Row } from "@tributary/shared/admin-api/channels"
import { Fragment, useEffect, useRef } from "react"
import type { ChannelFilters } from "../filters/channel-filters.ts"
import type { Selection } from "../selection/selection.ts"
import { ChannelRow, type RowActs } from "./channel-row.tsx"
import styles from "./channel-table.module.css"
import { drawnRows } from "./drawn-rows.ts"
import { GapRow, MissingRow } from "./missing-row.tsx"
import { TableColumns, TableHead } from "./table-head.tsx"
import { useRowFocus } from "./use-row-focus.ts"

interface ChannelTableProps extends RowActs {
  total: number
  /** What the rows were asked for with: other ones begin at the top. */
  shown: ChannelFilters
  /** Whether other rows are on their way. */
  isStale: boolean
  rowAt: (index: number) => Row | undefined
  onSight: (first: number, last: number) => void
  selection: Selection
  onToggleAll: () => void
}

/** Pixels; the style sheet has it too. */
const rowHeight = 44
const beyondSight = 10
/** Browsers draw nothing that is higher than some 17.8 million pixels (Firefox). */
export const mostRowsShown = 400_000

/** A list of any length: the rows in sight are drawn, and gaps in the place of the others. */
export function ChannelTable(props: ChannelTableProps) {
  const { total, shown, isStale, rowAt, onSight, selection, onToggleAll, ...acts } = props
  const scroller = useRef<HTMLDivElement>(null)
  const focused = useRef(0)
  const count = Math.min(total, mostRowsShown)
  const list = useVirtualizer({
    count,
    getScrollElement: () => scroller.current,
    estimateSize: () => rowHeight,
    overscan: beyondSight,
    // The head moves the rows down by its own height.
    scrollPaddingEnd: rowHeight,
    rangeExtractor: (range: Range) => withRow(defaultRangeExtractor(range), focused.current, range.count),
  })
  const first = list.range?.startIndex ?? 0
  const last = list.range?.endIndex ?? 0
  const { current, toTop, onFocusRow, onKey } = useRowFocus({
    scroller,
    count,
    rowsInSight: Math.max(1, last - first - 1),
    scrollTo: (index) => list.scrollToIndex(index),
  })
  focused.current = current
  useEffect(() => onSight(first, last), [onSight, first, last])

  // biome-ignore lint/correctness/useExhaustiveDependencies: other rows are what this is about.
  useEffect(() => {
    list.scrollToOffset(0)
    toTop()
  }, [shown])

  const { rows, below } = drawnRows(list.getVirtualItems(), list.getTotalSize())
  const chosen = selection.chosen.size === 0 ? "none" : selection.chosen.size < total ? "some" : "all"
  return (
    <div ref={scroller} className={styles.scroller} aria-busy={isStale}>
      <table className={styles.table} aria-label="Channels" aria-rowcount={total + 1}>
        <TableColumns />
        <TableHead chosen={chosen} onToggleAll={onToggleAll} />
        <tbody>
          {rows.map(({ index, gap }) => {
            const row = rowAt(index)
            return (
              <Fragment key={index}>
                {gap > 0 && <GapRow height={gap} />}
                {row === undefined ? (
                  <MissingRow index={index} />
                ) : (
                  <ChannelRow
                    row={row}
                    index={index}
                    isChosen={selection.chosen.has(row.id)}
                    isStop={index === current}
                    onFocusRow={onFocusRow}
                    onKey={onKey}
                    {...acts}
                  />
                )}
              </Fragment>
            )
          })}
          {below > 0 && <GapRow height={below} />}
        </tbody>
      </table>
    </div>
  )
}

/** The row that has the focus is drawn wherever it is, or the focus would be lost. */
function withRow(inSight: number[], focused: number, count: number): number[] {
  if (focused >= count || inSight.includes(focused)) return inSight
  return [...inSight, focused].sort((one, other) => one - other)
}
