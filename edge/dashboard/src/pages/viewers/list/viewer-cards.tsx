import { Anchor, Group, Paper, Stack, Text } from "@mantine/core"
import type { ViewerRow } from "@tributary/shared/admin-api/viewers"
import { expiryInWords, groupsInWords, sessionsInWords, stateOf } from "../viewer-words.ts"
import { StateBadge } from "./state-badge.tsx"
import type { ViewerActs } from "./viewer-acts.ts"
import { ViewerMenu } from "./viewer-menu.tsx"

interface ViewerCardsProps {
  viewers: readonly ViewerRow[]
  acts: ViewerActs
}

/** The list on a phone. */
export function ViewerCards({ viewers, acts }: ViewerCardsProps) {
  const now = Date.now()
  return (
    <Stack hiddenFrom="sm" gap="xs">
      {viewers.map((viewer) => (
        <Paper key={viewer.username} withBorder p="sm" component="section" aria-label={viewer.username}>
          <Group justify="space-between" wrap="nowrap" align="flex-start">
            <Anchor
              component="button"
              fw={600}
              ta="start"
              style={{ overflowWrap: "anywhere" }}
              onClick={() => acts.onOpen(viewer.username)}
            >
              {viewer.username}
            </Anchor>
            <ViewerMenu username={viewer.username} acts={acts} />
          </Group>
          <Group gap="xs" mt={4}>
            <StateBadge state={stateOf(viewer, now)} />
            <Text size="sm" className="figures">
              Sessions now: {sessionsInWords(viewer)}
            </Text>
          </Group>
          <Text size="sm" mt={4} style={{ overflowWrap: "anywhere" }}>
            Groups: {groupsInWords(viewer)}
          </Text>
          <Text size="sm" className="figures">
            Expires: {expiryInWords(viewer)}
          </Text>
        </Paper>
      ))}
    </Stack>
  )
}
