import { useSortable } from "@dnd-kit/sortable"
import { CSS } from "@dnd-kit/utilities"
import { ActionIcon } from "@mantine/core"
import { IconGripVertical } from "@tabler/icons-react"
import type { ReactNode } from "react"

interface SortableItemProps {
  id: string
  name: string
  /** False: it stands alone, and there is nothing to put in order. */
  isMovable: boolean
  /** Gets the handle by which it is dragged. */
  children: (handle: ReactNode) => ReactNode
}

/** One item of a `SortableList`. */
export function SortableItem({ id, name, isMovable, children }: SortableItemProps) {
  const { attributes, listeners, setNodeRef, setActivatorNodeRef, transform, transition, isDragging } =
    useSortable({ id, disabled: !isMovable })
  const handle = isMovable ? (
    <ActionIcon
      ref={setActivatorNodeRef}
      {...attributes}
      {...listeners}
      variant="subtle"
      color="gray"
      aria-label={`Drag ${name} to another place`}
      style={{ cursor: "grab", touchAction: "none" }}
    >
      <IconGripVertical size={16} aria-hidden />
    </ActionIcon>
  ) : null
  return (
    <div
      ref={setNodeRef}
      style={{
        transform: CSS.Translate.toString(transform),
        transition,
        ...(isDragging ? { position: "relative", zIndex: 1, opacity: 0.85 } : {}),
      }}
    >
      {children(handle)}
    </div>
  )
}
