import { quantile } from "../../statistics.ts"

/** What a viewer had got at a moment. */
export interface ViewerCount {
  bytes: number
  status: number
  firstByteMs: number | null
  isGone: boolean
}

/** What all viewers got in a window of time. */
export interface LoadReport {
  viewers: number
  /** Those whose connection had ended by the end of the window. */
  closed: number
  non200: number
  /** Those that never got a byte of a body. */
  silent: number
  seconds: number
  /** All bytes of all connections: response heads and chunk framing included. */
  gigabits: number
  gigabitsPerSecond: number
  megabitsPerSecond: { min: number; p50: number; max: number }
  /** From connecting to the first byte of the body. */
  firstByteMs: { p50: number; max: number }
  /** CPU time of the load generator itself over the window's. At 1 it is what limits the figures. */
  ownCpuShare: number
  /** CPU seconds that each watched process took in the same window. */
  serverCpuSeconds: number[]
}

export interface Window {
  seconds: number
  ownCpuSeconds: number
  serverCpuSeconds: number[]
}

/** `before` and `after` are the same viewers at both ends of the window. */
export function loadReport(
  before: readonly ViewerCount[],
  after: readonly ViewerCount[],
  window: Window,
): LoadReport {
  const { seconds, ownCpuSeconds, serverCpuSeconds } = window
  const gained = after.map(({ bytes }, index) => bytes - (before[index]?.bytes ?? 0))
  const rates = gained.map((bytes) => (bytes * 8) / 1e6 / seconds)
  const firstBytes = after.flatMap(({ firstByteMs }) => (firstByteMs === null ? [] : [firstByteMs]))
  const gigabits = (gained.reduce((sum, bytes) => sum + bytes, 0) * 8) / 1e9
  return {
    viewers: after.length,
    closed: after.filter(({ isGone }) => isGone).length,
    non200: after.filter(({ status }) => status !== 200).length,
    silent: after.length - firstBytes.length,
    seconds,
    gigabits,
    gigabitsPerSecond: gigabits / seconds,
    megabitsPerSecond: { min: quantile(rates, 0), p50: quantile(rates, 0.5), max: quantile(rates, 1) },
    firstByteMs: { p50: quantile(firstBytes, 0.5), max: quantile(firstBytes, 1) },
    ownCpuShare: ownCpuSeconds / seconds,
    serverCpuSeconds,
  }
}
