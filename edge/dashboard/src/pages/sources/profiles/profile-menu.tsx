import { ActionIcon, Menu } from "@mantine/core"
import {
  IconDots,
  IconPencil,
  IconPlayerPause,
  IconPlayerPlay,
  IconPlugConnected,
  IconTrash,
} from "@tabler/icons-react"
import type { ProfileRow } from "@tributary/shared/admin-api/sources"
import { confirm } from "../../../parts/confirm.tsx"
import { MoveItems } from "../../../parts/order/move-items.tsx"
import { tellDone } from "../../../parts/tell.ts"
import { useChange } from "../sources-queries.ts"

interface ProfileMenuProps {
  /** Its path in the API. */
  at: string
  profile: ProfileRow
  ids: readonly string[]
  onOrder: (ids: string[]) => void
  onEdit: () => void
  onTest: () => void
}

/** What can be done with a profile. */
export function ProfileMenu({ at, profile, ids, onOrder, onEdit, onTest }: ProfileMenuProps) {
  const { id, name, enabled, primary, madeByApi } = profile
  const change = useChange("PATCH", at, `${name} was not changed`)
  const remove = useChange("DELETE", at, `${name} was not deleted`)
  const toggle = () =>
    change.mutate(
      { enabled: !enabled },
      { onSuccess: () => tellDone(`${name} is ${enabled ? "disabled" : "enabled"}.`) },
    )
  const askToDelete = () =>
    confirm({
      title: `Delete the profile ${name}?`,
      text: `Its login is deleted, and what plays over it is opened anew over another profile, if one has room.${
        madeByApi ? "" : " The configuration names it, so it is back at the next start."
      }`,
      verb: "Delete",
      onConfirm: () => remove.mutate(undefined, { onSuccess: () => tellDone(`${name} is deleted.`) }),
    })
  return (
    <Menu position="bottom-end" withinPortal>
      <Menu.Target>
        <ActionIcon variant="default" aria-label={`More of the profile ${name}`}>
          <IconDots size={16} aria-hidden />
        </ActionIcon>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Item leftSection={<IconPlugConnected size={16} aria-hidden />} onClick={onTest}>
          Test
        </Menu.Item>
        <Menu.Item leftSection={<IconPencil size={16} aria-hidden />} onClick={onEdit}>
          Change
        </Menu.Item>
        <Menu.Item
          leftSection={
            enabled ? <IconPlayerPause size={16} aria-hidden /> : <IconPlayerPlay size={16} aria-hidden />
          }
          onClick={toggle}
        >
          {enabled ? "Disable" : "Enable"}
        </Menu.Item>
        <MoveItems ids={ids} id={id} onOrder={onOrder} />
        {!primary && (
          <Menu.Item color="red" leftSection={<IconTrash size={16} aria-hidden />} onClick={askToDelete}>
            Delete
          </Menu.Item>
        )}
      </Menu.Dropdown>
    </Menu>
  )
}
