import { ActionIcon, Card, Group, Menu, Text } from "@mantine/core"
import { IconDots, IconEdit, IconTrash } from "@tabler/icons-react"
import type { GuideRow } from "@tributary/shared/admin-api/epg"
import type { ReactNode } from "react"
import { confirm } from "../../../parts/confirm.tsx"
import { MoveItems } from "../../../parts/order/move-items.tsx"
import { useDeleteGuide } from "../guides-queries.ts"

interface GuideItemProps {
  guide: GuideRow
  place: number
  ids: readonly string[]
  handle: ReactNode
  onOrder: (ids: string[]) => void
  onChange: () => void
}

/** One guide, and what can be done with it. */
export function GuideItem({ guide, place, ids, handle, onOrder, onChange }: GuideItemProps) {
  const remove = useDeleteGuide()
  const { id, url, origin } = guide
  const onDelete = () =>
    confirm({
      title: "Delete this guide?",
      text: `What ${url} says of channels is gone with the next publication.`,
      verb: "Delete",
      onConfirm: () => remove.mutate(id),
    })
  return (
    <Card withBorder p="sm">
      <Group wrap="nowrap" gap="xs">
        {handle}
        <Text size="sm" fw={600} className="figures">
          {place}
        </Text>
        <div style={{ flex: 1, minWidth: 0 }}>
          <Text size="sm" style={{ overflowWrap: "anywhere" }}>
            {url}
          </Text>
          {origin === "file" && (
            <Text size="xs" c="dimmed">
              The configuration file names it: at the next start it is as that says again.
            </Text>
          )}
        </div>
        <Menu position="bottom-end">
          <Menu.Target>
            <ActionIcon variant="subtle" color="gray" aria-label={`More: guide ${place}, ${url}`}>
              <IconDots size={18} aria-hidden />
            </ActionIcon>
          </Menu.Target>
          <Menu.Dropdown>
            <MoveItems ids={ids} id={id} onOrder={onOrder} />
            <Menu.Divider />
            <Menu.Item leftSection={<IconEdit size={16} aria-hidden />} onClick={onChange}>
              Change the address
            </Menu.Item>
            <Menu.Item
              c="var(--mantine-color-error)"
              leftSection={<IconTrash size={16} aria-hidden />}
              onClick={onDelete}
            >
              Delete
            </Menu.Item>
          </Menu.Dropdown>
        </Menu>
      </Group>
    </Card>
  )
}
