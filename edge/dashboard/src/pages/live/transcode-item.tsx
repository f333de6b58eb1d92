import { Button, Group, Paper, Text } from "@mantine/core"
import { IconListDetails, IconTransform } from "@tabler/icons-react"
import type { Stream } from "@tributary/shared/admin-api/streams"
import { bitRate, duration } from "../../parts/figures.ts"
import type { RateSample } from "./rate-history.ts"
import { Sparkline } from "./sparkline.tsx"
import { StreamActions } from "./stream-actions.tsx"
import type { StreamCardActs } from "./stream-card.tsx"
import { fullTitleOf } from "./stream-groups.ts"
import { pictureWords, soundWords, viewersInWords } from "./stream-words.ts"

interface TranscodeItemProps extends StreamCardActs {
  transcode: Stream
  samples: readonly RateSample[]
  /** Unix milliseconds. */
  now: number
}

/** One transcode, under the stream that feeds it. */
export function TranscodeItem({ transcode, samples, now, onOpen, onPlay }: TranscodeItemProps) {
  const profile = transcode.transcodeProfile ?? "Transcode"
  const media = [pictureWords(transcode), soundWords(transcode)].filter((words) => words !== null)
  return (
    <Paper component="li" withBorder p="xs">
      <Group justify="space-between" gap="xs">
        <div>
          <Group gap="xs">
            <IconTransform size={16} aria-hidden />
            <Text fw={600} size="sm">
              {profile}
            </Text>
            <Text size="sm" className="figures">
              {viewersInWords(transcode.viewers)} · {bitRate(transcode.bitsPerSecond)}
            </Text>
            <Sparkline samples={samples} />
          </Group>
          <Text size="sm" c="dimmed" className="figures">
            {[...media, `runs for ${duration(now - transcode.startedAt)}`].join(" · ")}
          </Text>
        </div>
        <Group gap="xs">
          <Button
            size="xs"
            variant="default"
            leftSection={<IconListDetails size={14} aria-hidden />}
            aria-label={`Details of ${fullTitleOf(transcode)}`}
            onClick={() => onOpen(transcode)}
          >
            Details
          </Button>
          <StreamActions stream={transcode} onPlay={onPlay} />
        </Group>
      </Group>
    </Paper>
  )
}
