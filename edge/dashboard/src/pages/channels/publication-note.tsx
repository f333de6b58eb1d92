import { Alert, Group, Loader, Text } from "@mantine/core"
import { IconAlertTriangle } from "@tabler/icons-react"
import type { Publication } from "./publication.ts"

/** Whether what was changed is on its way to playlists; nothing when it is there. */
export function PublicationNote({ publication }: { publication: Publication }) {
  if (publication.kind === "failed")
    return (
      <Alert
        color="red"
        role="alert"
        w="100%"
        icon={<IconAlertTriangle aria-hidden />}
        title="The last changes are kept, but could not be published"
      >
        {publication.reason}
      </Alert>
    )
  return (
    <div role="status">
      {publication.kind === "waiting" && (
        <Group gap="xs" wrap="nowrap">
          <Loader size={14} aria-hidden />
          <Text size="sm">The changes are being published: playlists have them in a few seconds.</Text>
        </Group>
      )}
    </div>
  )
}
