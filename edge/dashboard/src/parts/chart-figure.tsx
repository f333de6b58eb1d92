import { Center, Loader, Text } from "@mantine/core"
import { lazy, Suspense } from "react"
import type { TimeChartProps } from "./time-chart.tsx"

const TimeChart = lazy(async () => ({ default: (await import("./time-chart.tsx")).TimeChart }))

interface ChartFigureProps extends TimeChartProps {
  /** What the chart shows, in words: below it, and all that a screen reader gets of it. */
  summary: string
}

/** A chart and what it says; the chart's code is loaded now. */
export function ChartFigure({ summary, ...chart }: ChartFigureProps) {
  return (
    <figure style={{ margin: 0 }}>
      <div aria-hidden="true" style={{ height: chart.height }}>
        <Suspense
          fallback={
            <Center h={chart.height}>
              <Loader />
            </Center>
          }
        >
          <TimeChart {...chart} />
        </Suspense>
      </div>
      <Text component="figcaption" size="sm" c="dimmed" className="figures" mt="xs">
        {summary}
      </Text>
    </figure>
  )
}
