import { Text } from "@mantine/core"
import { modals } from "@mantine/modals"

interface Question {
  title: string
  /** What follows from it. */
  text: string
  /** The button's verb: "Delete", "Stop". */
  verb: string
  onConfirm: () => void
}

/** Asks before something that cannot be taken back. */
export function confirm({ title, text, verb, onConfirm }: Question): void {
  modals.openConfirmModal({
    title,
    children: <Text size="sm">{text}</Text>,
    labels: { confirm: verb, cancel: "Cancel" },
    confirmProps: { color: "red.9" },
    onConfirm,
  })
}
