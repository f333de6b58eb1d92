import { Stack } from "@mantine/core"
import type { GuideRow } from "@tributary/shared/admin-api/epg"
import { SortableItem } from "../../../parts/order/sortable-item.tsx"
import { SortableList } from "../../../parts/order/sortable-list.tsx"
import { useOrderGuides } from "../guides-queries.ts"
import { GuideItem } from "./guide-item.tsx"

interface GuideListProps {
  guides: readonly GuideRow[]
  onChange: (guide: GuideRow) => void
}

/** The guides in their order, which can be changed. */
export function GuideList({ guides, onChange }: GuideListProps) {
  const order = useOrderGuides()
  const ids = guides.map(({ id }) => id)
  const nameOf = (id: string) => `Guide ${guides.find((guide) => guide.id === id)?.url ?? ""}`
  return (
    <SortableList ids={ids} nameOf={nameOf} onOrder={order.mutate}>
      <Stack gap="xs">
        {guides.map((guide, at) => (
          <SortableItem key={guide.id} id={guide.id} name={nameOf(guide.id)} isMovable={guides.length > 1}>
            {(handle) => (
              <GuideItem
                guide={guide}
                place={at + 1}
                ids={ids}
                handle={handle}
                onOrder={order.mutate}
                onChange={() => onChange(guide)}
              />
            )}
          </SortableItem>
        ))}
      </Stack>
    </SortableList>
  )
}
