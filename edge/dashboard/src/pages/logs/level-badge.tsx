import { Badge } from "@mantine/core"
import type { LogLevel } from "@tributary/shared/log/log-line"

/** How grave a line is, in a word. */
export function LevelBadge({ level }: { level: LogLevel }) {
  if (level === "error" || level === "fatal")
    return (
      <Badge size="sm" variant="filled" color="red.9">
        {level}
      </Badge>
    )
  if (level === "warning")
    return (
      <Badge size="sm" variant="filled" color="yellow.4" autoContrast>
        {level}
      </Badge>
    )
  return (
    <Badge size="sm" variant="outline" color="gray">
      {level}
    </Badge>
  )
}
