import {
  closestCenter,
  DndContext,
  type DragEndEvent,
  KeyboardSensor,
  PointerSensor,
  useSensor,
  useSensors,
} from "@dnd-kit/core"
import { SortableContext, sortableKeyboardCoordinates, verticalListSortingStrategy } from "@dnd-kit/sortable"
import type { ReactNode } from "react"
import { moved } from "./in-order.ts"

interface SortableListProps {
  ids: readonly string[]
  /** What a screen reader calls them while they are dragged. */
  nameOf: (id: string) => string
  onOrder: (ids: string[]) => void
  children: ReactNode
}

// A click on a handle is not yet a drag.
const leastPixels = 5

/** A list that is put in order by dragging its items' handles, with the mouse, a finger or the keyboard. */
export function SortableList({ ids, nameOf, onOrder, children }: SortableListProps) {
  const sensors = useSensors(
    useSensor(PointerSensor, { activationConstraint: { distance: leastPixels } }),
    useSensor(KeyboardSensor, { coordinateGetter: sortableKeyboardCoordinates }),
  )
  const onDragEnd = ({ active, over }: DragEndEvent) => {
    if (over !== null && over.id !== active.id) onOrder(moved(ids, String(active.id), String(over.id)))
  }
  const name = (id: string | number) => nameOf(String(id))
  const place = (id: string | number) => `${ids.indexOf(String(id)) + 1} of ${ids.length}`
  return (
    <DndContext
      sensors={sensors}
      collisionDetection={closestCenter}
      onDragEnd={onDragEnd}
      accessibility={{
        screenReaderInstructions: {
          draggable:
            "Space picks it up, the arrow keys move it, Space drops it, Escape leaves it where it was.",
        },
        announcements: {
          onDragStart: ({ active }) => `${name(active.id)} is picked up, place ${place(active.id)}.`,
          onDragOver: ({ active, over }) =>
            over === null ? undefined : `${name(active.id)} is over place ${place(over.id)}.`,
          onDragEnd: ({ active, over }) =>
            over === null ? undefined : `${name(active.id)} is dropped at place ${place(over.id)}.`,
          onDragCancel: ({ active }) => `${name(active.id)} stays where it was.`,
        },
      }}
    >
      <SortableContext items={[...ids]} strategy={verticalListSortingStrategy}>
        {children}
      </SortableContext>
    </DndContext>
  )
}
