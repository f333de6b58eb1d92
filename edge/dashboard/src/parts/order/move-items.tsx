import { Menu } from "@mantine/core"
import { IconArrowDown, IconArrowUp } from "@tabler/icons-react"
import { moved, neighbour } from "./in-order.ts"

interface MoveItemsProps {
  ids: readonly string[]
  id: string
  onOrder: (ids: string[]) => void
}

/** Of a menu: one place up or down, for who does not drag. */
export function MoveItems({ ids, id, onOrder }: MoveItemsProps) {
  const [above, below] = [neighbour(ids, id, -1), neighbour(ids, id, 1)]
  return (
    <>
      <Menu.Item
        leftSection={<IconArrowUp size={16} aria-hidden />}
        disabled={above === null}
        onClick={() => above !== null && onOrder(moved(ids, id, above))}
      >
        Move up
      </Menu.Item>
      <Menu.Item
        leftSection={<IconArrowDown size={16} aria-hidden />}
        disabled={below === null}
        onClick={() => below !== null && onOrder(moved(ids, id, below))}
      >
        Move down
      </Menu.Item>
    </>
  )
}
