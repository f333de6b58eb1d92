import { Drawer } from "@mantine/core"
import { useMediaQuery } from "@mantine/hooks"
import type { ReactNode } from "react"

interface DetailDrawerProps {
  title: ReactNode
  /** What is in it: "channel". */
  what: string
  isOpen?: boolean
  onClose: () => void
  children: ReactNode
}

/** One thing of a list, beside it; in its place on a phone. */
export function DetailDrawer({ title, what, isOpen = true, onClose, children }: DetailDrawerProps) {
  const isPhone = useMediaQuery("(max-width: 48em)")
  return (
    <Drawer
      opened={isOpen}
      onClose={onClose}
      position="right"
      size={isPhone ? "100%" : "lg"}
      title={title}
      styles={{ title: { fontWeight: 600, overflowWrap: "anywhere" } }}
      closeButtonProps={{ "aria-label": `Close the ${what}` }}
    >
      {children}
    </Drawer>
  )
}
