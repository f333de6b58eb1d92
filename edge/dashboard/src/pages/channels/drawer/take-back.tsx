import { Button } from "@mantine/core"
import { IconArrowBackUp } from "@tabler/icons-react"
import type { ChannelEdit } from "@tributary/shared/catalogue/edit"
import { useChannelAct } from "../edit-channel.ts"
import styles from "./channel-view.module.css"

interface TakeBackProps {
  id: string
  edit: ChannelEdit | null
  field: keyof ChannelEdit
  /** What the field is called on the page. */
  label: string
}

/** For a field that was changed: has it be as the sources say again. */
export function TakeBack({ id, edit, field, label }: TakeBackProps) {
  const act = useChannelAct(id)
  if (edit?.[field] == null) return null
  return (
    <Button
      variant="subtle"
      size="compact-xs"
      mt={4}
      className={styles.start}
      leftSection={<IconArrowBackUp size={14} aria-hidden />}
      aria-label={`Changed: take it back (${label})`}
      loading={act.isPending}
      onClick={() => act.mutate({ [field]: null })}
    >
      Changed: take it back
    </Button>
  )
}
