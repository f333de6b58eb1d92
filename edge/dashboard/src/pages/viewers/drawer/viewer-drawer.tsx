import { Button, Group, Loader, Stack, Text } from "@mantine/core"
import { IconEdit, IconTrash } from "@tabler/icons-react"
import type { ViewerRow } from "@tributary/shared/admin-api/viewers"
import { DetailDrawer } from "../../../parts/detail-drawer.tsx"
import type { ViewerActs } from "../list/viewer-acts.ts"
import { Addresses } from "./addresses.tsx"
import { SessionList } from "./session-list.tsx"
import { ViewerFacts } from "./viewer-facts.tsx"

interface ViewerDrawerProps {
  username: string
  /** Undefined: there is no such viewer, or it is not known yet. */
  viewer: ViewerRow | undefined
  isLoaded: boolean
  acts: ViewerActs
  onClose: () => void
}

/** One viewer: what they play now, and what they enter in their players. */
export function ViewerDrawer({ username, viewer, isLoaded, acts, onClose }: ViewerDrawerProps) {
  return (
    <DetailDrawer title={username} what="viewer" onClose={onClose}>
      {viewer !== undefined ? (
        <Stack gap="lg">
          <ViewerFacts viewer={viewer} />
          <Group gap="xs">
            <Button
              variant="default"
              leftSection={<IconEdit size={16} aria-hidden />}
              onClick={() => acts.onChange(username)}
            >
              Change
            </Button>
            <Button
              variant="default"
              leftSection={<IconTrash size={16} aria-hidden />}
              onClick={() => acts.onDelete(username)}
            >
              Delete
            </Button>
          </Group>
          <SessionList username={username} />
          <Addresses username={username} onChange={() => acts.onChange(username)} />
        </Stack>
      ) : isLoaded ? (
        <Text role="status">There is no viewer of this name.</Text>
      ) : (
        <Loader role="status" aria-label="Loading" />
      )}
    </DetailDrawer>
  )
}
