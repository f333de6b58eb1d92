import type { Overview, TrafficPoint } from "@tributary/shared/admin-api/overview"
import { bitRate, count, duration } from "../../parts/figures.ts"
import { spanInWords } from "../../parts/span-in-words.ts"

/** How many times what comes from providers goes out to viewers: `2.4×`; null: nothing comes in. */
export function sharingRatio({ bitsPerSecondIn, bitsPerSecondOut }: Overview["now"]): string | null {
  if (bitsPerSecondIn <= 0) return null
  return `${(bitsPerSecondOut / bitsPerSecondIn).toFixed(1)}×`
}

/** A point of the chart: bit/s. */
export interface ChartPoint {
  [series: string]: number
  at: number
  in: number
  out: number
  viewers: number
}

export const chartPoints = (points: readonly TrafficPoint[]): ChartPoint[] =>
  points.map(({ at, bytesPerSecondIn, bytesPerSecondOut, viewers }) => ({
    ...{ at, in: bytesPerSecondIn * 8, out: bytesPerSecondOut * 8, viewers },
  }))

/** For how long there are points: `the last 12 min`. */
export function periodInWords({ points, stepSeconds }: Overview["traffic"]): string {
  const [first, last] = [points[0], points.at(-1)]
  if (first === undefined || last === undefined) return "nothing yet"
  return `the last ${duration(last.at - first.at + stepSeconds * 1000)}`
}

export const bandwidthSummary = (points: readonly ChartPoint[]): string =>
  `In from providers: ${spanInWords(
    points.map((point) => point.in),
    bitRate,
  )}. Out to viewers: ${spanInWords(
    points.map((point) => point.out),
    bitRate,
  )}.`

export const viewersSummary = (points: readonly ChartPoint[]): string =>
  `Viewers: ${spanInWords(
    points.map(({ viewers }) => viewers),
    count,
  )}.`
