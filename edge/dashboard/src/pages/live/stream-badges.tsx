import { Badge, Group } from "@mantine/core"
import { IconAlertTriangle, IconArrowsShuffle } from "@tabler/icons-react"
import type { Stream } from "@tributary/shared/admin-api/streams"
import { kindWords, stateWords } from "./stream-words.ts"

/** What kind of stream it is, and how it is. */
export function StreamBadges({ stream: { kind, state, isFailover } }: { stream: Stream }) {
  return (
    <Group gap={4}>
      {kind !== "live" && (
        <Badge variant="outline" color="gray">
          {kindWords[kind]}
        </Badge>
      )}
      {state === "failing" ? (
        <Badge variant="filled" color="red.9" leftSection={<IconAlertTriangle size={12} aria-hidden />}>
          {stateWords[state]}
        </Badge>
      ) : (
        <Badge variant={state === "live" ? "filled" : "outline"} color={state === "live" ? "teal.9" : "gray"}>
          {stateWords[state]}
        </Badge>
      )}
      {isFailover && (
        <Badge variant="outline" color="gray" leftSection={<IconArrowsShuffle size={12} aria-hidden />}>
          Failover
        </Badge>
      )}
    </Group>
  )
}
