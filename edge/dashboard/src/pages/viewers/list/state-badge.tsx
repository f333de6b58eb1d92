import { Badge } from "@mantine/core"
import { IconCheck, IconClockOff, IconLock } from "@tabler/icons-react"
import type { ViewerState } from "../viewer-words.ts"

const looks = {
  enabled: { words: "Enabled", color: "teal.9", Icon: IconCheck },
  expired: { words: "Expired", color: "red.9", Icon: IconClockOff },
  disabled: { words: "Disabled", color: "gray.7", Icon: IconLock },
} as const

/** Whether a viewer is let in now. */
export function StateBadge({ state }: { state: ViewerState }) {
  const { words, color, Icon } = looks[state]
  return (
    <Badge color={color} variant="filled" leftSection={<Icon size={12} aria-hidden />}>
      {words}
    </Badge>
  )
}
