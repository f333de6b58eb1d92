import { useEffect, useRef } from "react"
import styles from "./channel-table.module.css"

interface TableHeadProps {
  chosen: "none" | "some" | "all"
  onToggleAll: () => void
}

/** The columns; on a phone there are a box, the number, the name and the state. */
export function TableColumns() {
  return (
    <colgroup>
      <col className={styles.check} />
      <col className={`${styles.logoColumn} ${styles.wide}`} />
      <col className={styles.numberColumn} />
      <col />
      <col className={`${styles.groupsColumn} ${styles.wide}`} />
      <col className={`${styles.feedsColumn} ${styles.wide}`} />
      <col className={`${styles.guideColumn} ${styles.wide}`} />
      <col className={styles.stateColumn} />
    </colgroup>
  )
}

export const columnCount = 8

export function TableHead({ chosen, onToggleAll }: TableHeadProps) {
  const box = useRef<HTMLInputElement>(null)
  useEffect(() => {
    if (box.current !== null) box.current.indeterminate = chosen === "some"
  }, [chosen])
  return (
    <thead>
      <tr aria-rowindex={1}>
        <th scope="col" className={styles.check}>
          <input
            ref={box}
            type="checkbox"
            aria-label={chosen === "none" ? "Choose all that match" : "Choose none"}
            checked={chosen === "all"}
            onChange={onToggleAll}
          />
        </th>
        <th scope="col" className={styles.wide}>
          Logo
        </th>
        <th scope="col" className={styles.number}>
          No.
        </th>
        <th scope="col">Name</th>
        <th scope="col" className={styles.wide}>
          Groups
        </th>
        <th scope="col" className={styles.wide}>
          Feeds
        </th>
        <th scope="col" className={styles.wide}>
          Guide
        </th>
        <th scope="col">State</th>
      </tr>
    </thead>
  )
}
