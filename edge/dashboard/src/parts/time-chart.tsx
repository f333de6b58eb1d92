import "@mantine/charts/styles.css"
import { AreaChart } from "@mantine/charts"
import type { MantineColor } from "@mantine/core"

/** A line of the chart; `dashed` tells it from another where colours do not. */
export interface TimeSeries {
  name: string
  label: string
  color: MantineColor
  dashed?: boolean
}

export interface TimeChartProps {
  /** Each with its time `at` (Unix milliseconds) and the series' values by their names. */
  points: readonly { at: number; [series: string]: number }[]
  series: readonly TimeSeries[]
  /** Pixels. */
  height: number
  format: (value: number) => string
  /** Of values that come in whole ones: viewers. */
  curve?: "linear" | "stepAfter"
}

// Milliseconds: over less than so long, times without seconds would be the same again and again.
const shortSpan = 600_000
const timeWithoutSeconds = (at: number) =>
  new Date(at).toLocaleTimeString(undefined, { hour: "2-digit", minute: "2-digit" })
const timeWithSeconds = (at: number) => new Date(at).toLocaleTimeString()

/**
 * Values over time. Chart library and styles come with this file, which is therefore loaded when it is shown
 * (`ChartFigure`). What it shows is said beside it in words: it takes no focus.
 */
export function TimeChart({ points, series, height, format, curve = "linear" }: TimeChartProps) {
  const span = (points.at(-1)?.at ?? 0) - (points[0]?.at ?? 0)
  return (
    <AreaChart
      h={height}
      data={[...points]}
      dataKey="at"
      series={series.map(({ name, label, color, dashed }) => ({
        ...{ name, label, color },
        ...(dashed === true && { strokeDasharray: "6 3" }),
      }))}
      curveType={curve}
      valueFormatter={format}
      withDots={false}
      withLegend={series.length > 1}
      accessibilityLayer={false}
      strokeWidth={2}
      areaProps={{ isAnimationActive: false }}
      xAxisProps={{
        type: "number",
        domain: ["dataMin", "dataMax"],
        tickFormatter: span < shortSpan ? timeWithSeconds : timeWithoutSeconds,
        minTickGap: 40,
      }}
      yAxisProps={{ width: 84, allowDecimals: curve === "linear" }}
      tooltipProps={{ labelFormatter: (at: unknown) => timeWithSeconds(Number(at)) }}
    />
  )
}
