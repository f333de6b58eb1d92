import { Drawer, Stack, Text, Title } from "@mantine/core"
import { useMediaQuery } from "@mantine/hooks"
import { useQuery } from "@tanstack/react-query"
import type { Stream, StreamDetail } from "@tributary/shared/admin-api/streams"
import { ChartFigure } from "../../parts/chart-figure.tsx"
import { bitRate } from "../../parts/figures.ts"
import { QueryView } from "../../parts/query-view.tsx"
import { spanInWords } from "../../parts/span-in-words.ts"
import { hasEnded, type StreamKey, streamQuery } from "./live-queries.ts"
import type { RateSample } from "./rate-history.ts"
import { StreamActions } from "./stream-actions.tsx"
import { StreamBadges } from "./stream-badges.tsx"
import { StreamFacts } from "./stream-facts.tsx"
import { fullTitleOf } from "./stream-groups.ts"
import { ViewerTable } from "./viewer-table.tsx"

interface StreamDrawerProps {
  stream: StreamKey
  samples: readonly RateSample[]
  onClose: () => void
  onPlay: (stream: Stream) => void
}

/** One stream: its bitrate, and who watches it. */
export function StreamDrawer({ stream, samples, onClose, onPlay }: StreamDrawerProps) {
  const query = useQuery(streamQuery(stream))
  const isPhone = useMediaQuery("(max-width: 48em)")
  const { data } = query
  return (
    <Drawer
      opened
      onClose={onClose}
      position="right"
      size={isPhone ? "100%" : "lg"}
      title={data === undefined ? "Stream" : fullTitleOf(data)}
      styles={{ title: { fontWeight: 600, overflowWrap: "anywhere" } }}
      closeButtonProps={{ "aria-label": "Close the stream" }}
    >
      {hasEnded(query.error) ? (
        <Text role="status">It does not run any more.</Text>
      ) : (
        <QueryView query={query}>
          {(detail) => (
            <StreamView detail={detail} samples={samples} now={query.dataUpdatedAt} onPlay={onPlay} />
          )}
        </QueryView>
      )}
    </Drawer>
  )
}

interface StreamViewProps {
  detail: StreamDetail
  samples: readonly RateSample[]
  now: number
  onPlay: (stream: Stream) => void
}

const series = [{ name: "rate", label: "Bitrate", color: "stream.5" }]

function StreamView({ detail, samples, now, onPlay }: StreamViewProps) {
  const { viewers, ...rest } = detail
  const stream: Stream = { ...rest, viewers: viewers.filter(({ isRelay }) => !isRelay).length }
  const rates = spanInWords(
    samples.map(({ rate }) => rate),
    bitRate,
  )
  return (
    <Stack>
      <StreamBadges stream={stream} />
      <StreamActions stream={stream} onPlay={onPlay} />
      <StreamFacts stream={stream} now={now} columns={3} />
      <section aria-labelledby="bitrate">
        <Title order={3} size="h5" id="bitrate" mb="xs">
          Bitrate since this page was opened
        </Title>
        <ChartFigure
          points={samples}
          series={series}
          height={180}
          format={bitRate}
          summary={`Bitrate: ${rates}.`}
        />
      </section>
      <ViewerTable viewers={viewers} now={now} />
    </Stack>
  )
}
