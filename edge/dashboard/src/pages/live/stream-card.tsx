import { Button, Card, Group, Stack, Title } from "@mantine/core"
import { IconListDetails } from "@tabler/icons-react"
import type { Stream } from "@tributary/shared/admin-api/streams"
import { keyOf, type RateHistory } from "./rate-history.ts"
import { StreamActions } from "./stream-actions.tsx"
import { StreamBadges } from "./stream-badges.tsx"
import { StreamFacts } from "./stream-facts.tsx"
import { fullTitleOf, type StreamGroup, titleOf } from "./stream-groups.ts"
import { TranscodeItem } from "./transcode-item.tsx"

export interface StreamCardActs {
  onOpen: (stream: Stream) => void
  onPlay: (stream: Stream) => void
}

interface StreamCardProps extends StreamCardActs {
  group: StreamGroup
  history: RateHistory
  /** Unix milliseconds. */
  now: number
}

/** One stream, and what is made of it. */
export function StreamCard({ group: { stream, transcodes }, history, now, onOpen, onPlay }: StreamCardProps) {
  const name = fullTitleOf(stream)
  return (
    <Card withBorder component="section" aria-label={name}>
      <Stack gap="sm">
        <Group justify="space-between" gap="xs">
          <Group gap="xs" miw={0}>
            <Title order={2} size="h4" style={{ overflowWrap: "anywhere" }}>
              {titleOf(stream)}
            </Title>
            <StreamBadges stream={stream} />
          </Group>
          <Group gap="xs">
            <Button
              size="xs"
              variant="default"
              leftSection={<IconListDetails size={14} aria-hidden />}
              aria-label={`Details of ${name}`}
              onClick={() => onOpen(stream)}
            >
              Details
            </Button>
            <StreamActions stream={stream} onPlay={onPlay} />
          </Group>
        </Group>
        <StreamFacts stream={stream} samples={history.get(keyOf(stream)) ?? []} now={now} columns={4} />
        {transcodes.length > 0 && (
          <Stack
            component="ul"
            gap="xs"
            m={0}
            p={0}
            style={{ listStyle: "none" }}
            aria-label={`Transcodes of ${name}`}
          >
            {transcodes.map((transcode) => (
              <TranscodeItem
                key={keyOf(transcode)}
                transcode={transcode}
                samples={history.get(keyOf(transcode)) ?? []}
                now={now}
                onOpen={onOpen}
                onPlay={onPlay}
              />
            ))}
          </Stack>
        )}
      </Stack>
    </Card>
  )
}
