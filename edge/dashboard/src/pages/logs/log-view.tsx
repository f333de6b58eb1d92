import { useVirtualizer } from "@tanstack/react-virtual"
import { type RefObject, useEffect, useState } from "react"
import { LogRow } from "./log-row.tsx"
import type { TailLine } from "./log-tail.ts"
import styles from "./log-view.module.css"
import type { useFollow } from "./use-follow.ts"

interface LogViewProps {
  scroller: RefObject<HTMLDivElement | null>
  lines: readonly TailLine[]
  /** How many of them came last. */
  arrived: number
  follow: ReturnType<typeof useFollow>
}

// Pixels; what a row really has is measured.
const usualRowHeight = 32
const beyondSight = 12
/** More at once than these are not read out: nobody could follow. */
const mostSpoken = 3

/** The lines, newest at the bottom; those in sight are drawn. */
export function LogView({ scroller, lines, arrived, follow }: LogViewProps) {
  const [opened, setOpened] = useState<ReadonlySet<number>>(new Set())
  const { isFollowing, setFollowing, listeners } = follow
  const list = useVirtualizer({
    count: lines.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => usualRowHeight,
    getItemKey: (index) => lines[index]?.key ?? index,
    overscan: beyondSight,
  })
  // biome-ignore lint/correctness/useExhaustiveDependencies: new lines are what this is about.
  useEffect(() => {
    if (isFollowing && lines.length > 0) list.scrollToIndex(lines.length - 1, { align: "end" })
  }, [lines, isFollowing])
  const toggle = (key: number) => {
    // What is read must not be moved away.
    setFollowing(false)
    setOpened(
      (before) => new Set(before.has(key) ? [...before].filter((one) => one !== key) : [...before, key]),
    )
  }
  return (
    <div
      ref={scroller}
      className={styles.scroller}
      role="log"
      aria-label="Lines of the log"
      aria-live={isFollowing && arrived <= mostSpoken ? "polite" : "off"}
      // biome-ignore lint/a11y/noNoninteractiveTabindex: it scrolls, by the keyboard too.
      tabIndex={0}
      {...listeners}
    >
      <div className={styles.canvas} style={{ height: list.getTotalSize() }}>
        {list.getVirtualItems().map(({ index, key, start }) => {
          const line = lines[index]
          return line === undefined ? null : (
            <div
              key={key}
              ref={list.measureElement}
              data-index={index}
              className={styles.row}
              style={{ transform: `translateY(${start}px)` }}
            >
              <LogRow line={line} isOpen={opened.has(line.key)} onToggle={toggle} />
            </div>
          )
        })}
      </div>
    </div>
  )
}
