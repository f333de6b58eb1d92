import { Card, Stack, Text, Title } from "@mantine/core"
import type { Overview } from "@tributary/shared/admin-api/overview"
import { useMemo } from "react"
import { ChartFigure } from "../../parts/chart-figure.tsx"
import { bitRate, count } from "../../parts/figures.ts"
import type { TimeSeries } from "../../parts/time-chart.tsx"
import { bandwidthSummary, chartPoints, periodInWords, viewersSummary } from "./traffic-words.ts"

const bandwidth: TimeSeries[] = [
  { name: "out", label: "Out to viewers", color: "stream.5" },
  { name: "in", label: "In from providers", color: "orange.6", dashed: true },
]
const viewers: TimeSeries[] = [{ name: "viewers", label: "Viewers", color: "grape.5" }]

/** Bandwidth and viewers over the last hour. */
export function TrafficCard({ traffic }: { traffic: Overview["traffic"] }) {
  const points = useMemo(() => chartPoints(traffic.points), [traffic.points])
  return (
    <Card withBorder component="section" aria-labelledby="traffic">
      <Title order={2} size="h4" id="traffic">
        Bandwidth
      </Title>
      <Text size="sm" c="dimmed" mb="sm">
        {points.length === 0 ? "A streamer counts from its start on." : `In ${periodInWords(traffic)}`}
      </Text>
      {points.length > 0 && (
        <Stack gap="lg">
          <ChartFigure
            points={points}
            series={bandwidth}
            height={220}
            format={bitRate}
            summary={bandwidthSummary(points)}
          />
          <ChartFigure
            points={points}
            series={viewers}
            height={110}
            format={count}
            curve="stepAfter"
            summary={viewersSummary(points)}
          />
        </Stack>
      )}
    </Card>
  )
}
