import { ActionIcon, Menu } from "@mantine/core"
import { IconDots, IconPlayerPause, IconPlayerPlay, IconTrash } from "@tabler/icons-react"
import type { SourceRow } from "@tributary/shared/admin-api/sources"
import { path } from "../../../api/call.ts"
import { confirm } from "../../../parts/confirm.tsx"
import { MoveItems } from "../../../parts/order/move-items.tsx"
import { tellDone } from "../../../parts/tell.ts"
import { useChange } from "../sources-queries.ts"
import { deletionWords, titleOf } from "./source-words.ts"

interface SourceMenuProps {
  source: SourceRow
  ids: readonly string[]
  onOrder: (ids: string[]) => void
}

/** What is less often done with a source. */
export function SourceMenu({ source, ids, onOrder }: SourceMenuProps) {
  const { id, enabled } = source
  const name = titleOf(source)
  const at = path("sources", id)
  const change = useChange("PATCH", at, `${name} was not changed`)
  const remove = useChange("DELETE", at, `${name} was not deleted`)
  const toggle = () =>
    change.mutate(
      { enabled: !enabled },
      { onSuccess: () => tellDone(`${name} is ${enabled ? "disabled" : "enabled"}.`) },
    )
  const askToDelete = () =>
    confirm({
      title: `Delete ${name}?`,
      text: deletionWords(source),
      verb: "Delete",
      onConfirm: () => remove.mutate(undefined, { onSuccess: () => tellDone(`${name} is deleted.`) }),
    })
  return (
    <Menu position="bottom-end" withinPortal>
      <Menu.Target>
        <ActionIcon variant="default" size="input-xs" aria-label={`More of ${name}`}>
          <IconDots size={16} aria-hidden />
        </ActionIcon>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Item
          leftSection={
            enabled ? <IconPlayerPause size={16} aria-hidden /> : <IconPlayerPlay size={16} aria-hidden />
          }
          onClick={toggle}
        >
          {enabled ? "Disable" : "Enable"}
        </Menu.Item>
        <MoveItems ids={ids} id={id} onOrder={onOrder} />
        <Menu.Item color="red" leftSection={<IconTrash size={16} aria-hidden />} onClick={askToDelete}>
          Delete
        </Menu.Item>
      </Menu.Dropdown>
    </Menu>
  )
}
