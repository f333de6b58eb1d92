import { ActionIcon, Menu } from "@mantine/core"
import { IconDots, IconEdit, IconTrash, IconUser } from "@tabler/icons-react"
import type { ViewerActs } from "./viewer-acts.ts"

export function ViewerMenu({ username, acts }: { username: string; acts: ViewerActs }) {
  return (
    <Menu position="bottom-end">
      <Menu.Target>
        <ActionIcon variant="subtle" color="gray" aria-label={`More: ${username}`}>
          <IconDots size={18} aria-hidden />
        </ActionIcon>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Item leftSection={<IconUser size={16} aria-hidden />} onClick={() => acts.onOpen(username)}>
          Sessions and addresses
        </Menu.Item>
        <Menu.Item leftSection={<IconEdit size={16} aria-hidden />} onClick={() => acts.onChange(username)}>
          Change
        </Menu.Item>
        <Menu.Item
          c="var(--mantine-color-error)"
          leftSection={<IconTrash size={16} aria-hidden />}
          onClick={() => acts.onDelete(username)}
        >
          Delete
        </Menu.Item>
      </Menu.Dropdown>
    </Menu>
  )
}
