import { VisuallyHidden } from "@mantine/core"
import { memo } from "react"
import styles from "./channel-table.module.css"
import { columnCount } from "./table-head.tsx"

/** In the place of a row that is on its way. */
export const MissingRow = memo(function MissingRow({ index }: { index: number }) {
  return (
    <tr aria-rowindex={index + 2} data-index={index} className={styles.row}>
      <td colSpan={columnCount}>
        <span className={styles.missing} />
        <VisuallyHidden>Loading</VisuallyHidden>
      </td>
    </tr>
  )
})

/** In the place of all rows between two that are drawn. */
export function GapRow({ height }: { height: number }) {
  return (
    <tr aria-hidden className={styles.gap}>
      <td colSpan={columnCount} style={{ height }} />
    </tr>
  )
}
