import { moved } from "../../../parts/order/in-order.ts"
import { SortableList } from "../../../parts/order/sortable-list.tsx"
import styles from "./channel-view.module.css"
import type { FeedState } from "./feed-health.ts"
import { FeedItem } from "./feed-item.tsx"

interface FeedListProps {
  feeds: readonly FeedState[]
  onOrder: (ids: string[]) => void
  /** Null: nothing can be split off. */
  onSplit: ((feed: FeedState) => void) | null
}

/** Feeds that can be put in another order: by drag, by the keyboard, or by buttons. */
export function FeedList({ feeds, onOrder, onSplit }: FeedListProps) {
  const ids = feeds.map(({ id }) => id)
  const move = (from: number, by: number) => {
    const over = ids[from + by]
    if (over !== undefined) onOrder(moved(ids, ids[from] ?? "", over))
  }
  return (
    <SortableList
      ids={ids}
      nameOf={(id) => feeds.find((feed) => feed.id === id)?.name ?? "The feed"}
      onOrder={onOrder}
    >
      <ol className={styles.list}>
        {feeds.map((feed, at) => (
          <FeedItem
            key={feed.id}
            feed={feed}
            place={at + 1}
            of={feeds.length}
            onMove={(by) => move(at, by)}
            onSplit={onSplit === null ? null : () => onSplit(feed)}
          />
        ))}
      </ol>
    </SortableList>
  )
}
