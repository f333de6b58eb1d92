import { Stack, Text, Title } from "@mantine/core"
import { useQuery } from "@tanstack/react-query"
import type { Stream, StreamDetail } from "@tributary/shared/admin-api/streams"
import { ChartFigure } from "../../parts/chart-figure.tsx"
import { DetailDrawer } from "../../parts/detail-drawer.tsx"
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
  const { data } = query
  return (
    <DetailDrawer title={data === undefined ? "Stream" : fullTitleOf(data)} what="stream" onClose={onClose}>
      {hasEnded(query.error) ? (
        <Text role="status">It does not run any more.</Text>
      ) : (
        <QueryView query={query}>
          {(detail) => (
            <StreamView detail={detail} samples={samples} now={query.dataUpdatedAt} onPlay={onPlay} />
          )}
        </QueryView>
      )}
    </DetailDrawer>
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
