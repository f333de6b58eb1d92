import { Group, Stack, Text } from "@mantine/core"
import type { ViewerRow } from "@tributary/shared/admin-api/viewers"
import { count } from "../../../parts/figures.ts"
import { StateBadge } from "../list/state-badge.tsx"
import { expiryInWords, groupsInWords, limitOf, originInWords, stateOf } from "../viewer-words.ts"

/** What was set of a viewer. */
export function ViewerFacts({ viewer }: { viewer: ViewerRow }) {
  const limit = limitOf(viewer)
  const origin = originInWords(viewer.origin)
  const full = viewer.whenFull === "refuse" ? "a further one is refused" : "a further one replaces the oldest"
  return (
    <Stack gap={4}>
      <Group>
        <StateBadge state={stateOf(viewer, Date.now())} />
      </Group>
      <Text size="sm" className="figures">
        Sessions at once: {limit === null ? "no limit" : `${count(limit)}; ${full}`}
      </Text>
      <Text size="sm" style={{ overflowWrap: "anywhere" }}>
        Groups: {groupsInWords(viewer)}
      </Text>
      <Text size="sm" className="figures">
        Expires: {expiryInWords(viewer)}
      </Text>
      {origin !== null && (
        <Text size="sm" c="dimmed">
          {origin}
        </Text>
      )}
    </Stack>
  )
}
