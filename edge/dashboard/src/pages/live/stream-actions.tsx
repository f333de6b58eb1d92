import { Button, Group } from "@mantine/core"
import { IconArrowsShuffle, IconPlayerPlay, IconPlayerStop } from "@tabler/icons-react"
import type { Stream } from "@tributary/shared/admin-api/streams"
import { confirm } from "../../parts/confirm.tsx"
import { useFailOver, useStopStream } from "./live-queries.ts"
import { fullTitleOf } from "./stream-groups.ts"
import { viewersInWords } from "./stream-words.ts"

interface StreamActionsProps {
  stream: Stream
  onPlay: (stream: Stream) => void
}

/** What can be done with a stream. */
export function StreamActions({ stream, onPlay }: StreamActionsProps) {
  const { kind, relayOf, viewers } = stream
  const name = fullTitleOf(stream)
  const failOver = useFailOver(name)
  const stop = useStopStream(name)
  const askToStop = () =>
    confirm({
      title: `Stop ${name}?`,
      text: `It ends for ${viewersInWords(viewers)}, whose players may open it again.`,
      verb: "Stop",
      onConfirm: () => stop.mutate(stream),
    })
  return (
    <Group gap="xs">
      {(kind === "live" || kind === "transcode") && (
        <Button
          size="xs"
          variant="default"
          leftSection={<IconPlayerPlay size={14} aria-hidden />}
          aria-label={`Play ${name}`}
          onClick={() => onPlay(stream)}
        >
          Play
        </Button>
      )}
      {kind === "live" && relayOf === null && (
        <Button
          size="xs"
          variant="default"
          leftSection={<IconArrowsShuffle size={14} aria-hidden />}
          loading={failOver.isPending}
          aria-label={`Next feed for ${name}`}
          onClick={() => failOver.mutate(stream)}
        >
          Next feed
        </Button>
      )}
      <Button
        size="xs"
        variant="default"
        leftSection={<IconPlayerStop size={14} aria-hidden />}
        loading={stop.isPending}
        aria-label={`Stop ${name}`}
        onClick={askToStop}
      >
        Stop
      </Button>
    </Group>
  )
}
