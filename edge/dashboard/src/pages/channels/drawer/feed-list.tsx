import {
  type Announcements,
  closestCenter,
  DndContext,
  type DragEndEvent,
  KeyboardSensor,
  PointerSensor,
  useSensor,
  useSensors,
} from "@dnd-kit/core"
import {
  arrayMove,
  SortableContext,
  sortableKeyboardCoordinates,
  verticalListSortingStrategy,
} from "@dnd-kit/sortable"
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
  const sensors = useSensors(
    useSensor(PointerSensor, { activationConstraint: { distance: 4 } }),
    useSensor(KeyboardSensor, { coordinateGetter: sortableKeyboardCoordinates }),
  )
  const ids = feeds.map(({ id }) => id)
  const move = (from: number, to: number) => {
    if (from !== to && to >= 0 && to < ids.length) onOrder(arrayMove(ids, from, to))
  }
  const onDragEnd = ({ active, over }: DragEndEvent) => {
    if (over !== null) move(ids.indexOf(String(active.id)), ids.indexOf(String(over.id)))
  }
  return (
    <DndContext
      sensors={sensors}
      collisionDetection={closestCenter}
      onDragEnd={onDragEnd}
      accessibility={{ announcements: announcementsOf(feeds) }}
    >
      <SortableContext items={ids} strategy={verticalListSortingStrategy}>
        <ol className={styles.list}>
          {feeds.map((feed, at) => (
            <FeedItem
              key={feed.id}
              feed={feed}
              place={at + 1}
              of={feeds.length}
              onMove={(by) => move(at, at + by)}
              onSplit={onSplit === null ? null : () => onSplit(feed)}
            />
          ))}
        </ol>
      </SortableContext>
    </DndContext>
  )
}

/** What a screen reader says of a drag. */
function announcementsOf(feeds: readonly FeedState[]): Announcements {
  const named = (id: string | number) => feeds.find((feed) => feed.id === id)?.name ?? "The feed"
  const placed = (id: string | number) => `place ${feeds.findIndex((feed) => feed.id === id) + 1}`
  return {
    onDragStart: ({ active }) => `${named(active.id)} is picked up from ${placed(active.id)}.`,
    onDragOver: ({ active, over }) =>
      over === null ? `${named(active.id)} is outside.` : `${named(active.id)} is over ${placed(over.id)}.`,
    onDragEnd: ({ active, over }) =>
      over === null
        ? `${named(active.id)} is where it was.`
        : `${named(active.id)} is dropped at ${placed(over.id)}.`,
    onDragCancel: ({ active }) => `${named(active.id)} is where it was.`,
  }
}
