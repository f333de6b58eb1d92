import { Badge } from "@mantine/core"
import { IconAlertTriangle, IconCheck, IconPlayerPause, IconRefresh } from "@tabler/icons-react"
import type { ImportRow } from "@tributary/shared/admin-api/imports"

/** How a source is, in a word. */
export function SourceState({ enabled, job }: { enabled: boolean; job: ImportRow | undefined }) {
  if (!enabled)
    return (
      <Badge variant="outline" color="gray" leftSection={<IconPlayerPause size={12} aria-hidden />}>
        Disabled
      </Badge>
    )
  if (job?.running)
    return (
      <Badge variant="outline" leftSection={<IconRefresh size={12} aria-hidden />}>
        Importing
      </Badge>
    )
  if (job?.phase === "failed")
    return (
      <Badge color="red.9" leftSection={<IconAlertTriangle size={12} aria-hidden />}>
        Import failed
      </Badge>
    )
  return (
    <Badge color="teal.9" leftSection={<IconCheck size={12} aria-hidden />}>
      Enabled
    </Badge>
  )
}
