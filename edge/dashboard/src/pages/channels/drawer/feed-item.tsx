import { useSortable } from "@dnd-kit/sortable"
import { CSS } from "@dnd-kit/utilities"
import { ActionIcon, Menu, Text } from "@mantine/core"
import { IconArrowDown, IconArrowUp, IconDots, IconGripVertical } from "@tabler/icons-react"
import styles from "./channel-view.module.css"
import { type FeedState, healthInWords, passedOverInWords } from "./feed-health.ts"

interface FeedItemProps {
  feed: FeedState
  /** From 1. */
  place: number
  of: number
  onMove: (by: number) => void
  onSplit: (() => void) | null
}

/** A feed: whose it is, how it does, and its place among the others. */
export function FeedItem({ feed, place, of, onMove, onSplit }: FeedItemProps) {
  const { attributes, listeners, setNodeRef, setActivatorNodeRef, transform, transition, isDragging } =
    useSortable({
      id: feed.id,
    })
  const health = healthInWords(feed.health, Date.now())
  const isOnly = of === 1
  return (
    <li
      ref={setNodeRef}
      className={styles.item}
      data-dragged={isDragging}
      style={{ transform: CSS.Translate.toString(transform), transition }}
    >
      {!isOnly && (
        <ActionIcon
          ref={setActivatorNodeRef}
          variant="subtle"
          color="gray"
          className={styles.handle}
          {...attributes}
          {...listeners}
          aria-label={`Drag ${feed.name} of ${feed.source}`}
        >
          <IconGripVertical size={16} aria-hidden />
        </ActionIcon>
      )}
      <Text size="sm" className={`${styles.place} figures`} aria-hidden>
        {place}.
      </Text>
      <div className={styles.words}>
        <Text size="sm">{feed.name}</Text>
        <Text size="xs" c="dimmed">
          Source {feed.source}
        </Text>
        {health !== null && (
          <Text size="xs" fw={600}>
            {health}
          </Text>
        )}
        {feed.passedOver?.map((one) => (
          <Text key={one.profile} size="xs">
            {passedOverInWords(one)}
          </Text>
        ))}
      </div>
      {!isOnly && (
        <>
          <ActionIcon
            variant="subtle"
            color="gray"
            disabled={place === 1}
            aria-label={`Move ${feed.name} of ${feed.source} up`}
            onClick={() => onMove(-1)}
          >
            <IconArrowUp size={16} aria-hidden />
          </ActionIcon>
          <ActionIcon
            variant="subtle"
            color="gray"
            disabled={place === of}
            aria-label={`Move ${feed.name} of ${feed.source} down`}
            onClick={() => onMove(1)}
          >
            <IconArrowDown size={16} aria-hidden />
          </ActionIcon>
        </>
      )}
      {onSplit !== null && (
        <Menu position="bottom-end">
          <Menu.Target>
            <ActionIcon variant="subtle" color="gray" aria-label={`More for ${feed.name} of ${feed.source}`}>
              <IconDots size={16} aria-hidden />
            </ActionIcon>
          </Menu.Target>
          <Menu.Dropdown>
            <Menu.Item onClick={onSplit}>Split off: a channel of its own</Menu.Item>
          </Menu.Dropdown>
        </Menu>
      )}
    </li>
  )
}
