import { Drawer } from "@mantine/core"
import type { ReactNode } from "react"
import { confirm } from "../parts/confirm.tsx"

interface FormDrawerProps {
  title: string
  /** Something was typed that is not saved. */
  isDirty: boolean
  onClose: () => void
  children: ReactNode
}

/** A form at the side. What was typed is not lost by a click beside it or a key. */
export function FormDrawer({ title, isDirty, onClose, children }: FormDrawerProps) {
  const close = () => {
    if (!isDirty) return onClose()
    confirm({
      title: "Leave what you typed?",
      text: "It is not saved.",
      verb: "Leave it",
      onConfirm: onClose,
    })
  }
  return (
    <Drawer
      opened
      onClose={close}
      title={title}
      position="right"
      size="lg"
      closeOnClickOutside={!isDirty}
      closeButtonProps={{ "aria-label": "Close" }}
    >
      {children}
    </Drawer>
  )
}
