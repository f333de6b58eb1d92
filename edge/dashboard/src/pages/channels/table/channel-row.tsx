import { VisuallyHidden } from "@mantine/core"
import { IconCalendarEvent } from "@tabler/icons-react"
import type { ChannelRow as Row } from "@tributary/shared/admin-api/channels"
import { type KeyboardEvent, type MouseEvent, memo } from "react"
import { effectiveRow } from "../effective-row.ts"
import { ChannelLogo } from "./channel-logo.tsx"
import { ChannelSigns } from "./channel-signs.tsx"
import styles from "./channel-table.module.css"
import { feedsInWords } from "./feeds-in-words.ts"

export interface RowActs {
  onOpen: (id: string) => void
  onToggle: (row: Row, index: number) => void
  /** All from the one that was chosen last. */
  onRange: (index: number) => void
}

/** Of a row's two controls: the keyboard goes up and down in one of these columns. */
export type RowControl = "choose" | "open"

export interface RowKeys {
  onFocusRow: (index: number) => void
  onKey: (event: KeyboardEvent, index: number, control: RowControl) => void
}

interface ChannelRowProps extends RowActs, RowKeys {
  row: Row
  index: number
  isChosen: boolean
  /** Whether the tabulator key stops here: it does in one row of the table. */
  isStop: boolean
}

/** One line of the table. It is drawn again only when something of it changes. */
export const ChannelRow = memo(function ChannelRow(props: ChannelRowProps) {
  const { row, index, isChosen, isStop, onOpen, onToggle, onRange, onFocusRow, onKey } = props
  const channel = effectiveRow(row)
  const choose = (event: MouseEvent<HTMLInputElement>) => {
    if (event.shiftKey) onRange(index)
    else onToggle(row, index)
  }
  const control = (name: RowControl) => ({
    "data-control": name,
    tabIndex: isStop ? 0 : -1,
    onFocus: () => onFocusRow(index),
    onKeyDown: (event: KeyboardEvent) => onKey(event, index, name),
  })
  return (
    // The head is the first row.
    <tr aria-rowindex={index + 2} data-index={index} data-chosen={isChosen} className={styles.row}>
      <td className={styles.check}>
        <input
          type="checkbox"
          aria-label={`Choose ${channel.name}`}
          checked={isChosen}
          onClick={choose}
          // A click says whether shift was held, a change does not.
          onChange={() => undefined}
          {...control("choose")}
        />
      </td>
      <td className={styles.wide}>
        <ChannelLogo address={channel.logo} className={styles.logo} />
      </td>
      <td className={`${styles.number} figures`}>{channel.number}</td>
      <td>
        <button
          type="button"
          className={styles.name}
          title={channel.name}
          onClick={() => onOpen(channel.id)}
          {...control("open")}
        >
          {channel.name}
        </button>
      </td>
      <td className={styles.wide} title={channel.groups.join(", ")}>
        {channel.groups.join(", ")}
      </td>
      <td className={`${styles.wide} figures`}>{feedsInWords(channel.feeds)}</td>
      <td className={styles.wide}>
        {channel.guide ? (
          <IconCalendarEvent size={18} role="img" aria-label="Has a guide" />
        ) : (
          <VisuallyHidden>None</VisuallyHidden>
        )}
      </td>
      <td>
        <ChannelSigns channel={channel} />
      </td>
    </tr>
  )
})
