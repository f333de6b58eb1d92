/** Lowest first. */
export const logLevels = ["trace", "debug", "info", "warning", "error", "fatal"] as const

export type LogLevel = (typeof logLevels)[number]

/** How many of its newest lines a process keeps at most. */
export const keptLines = 2_000

/** A line of the log as a process keeps it: without addresses and logins, whatever is written. */
export interface LogLine {
  /** From 1 on, one more for each line. */
  seq: number
  /** Unix milliseconds. */
  at: number
  level: LogLevel
  /** Tier and stage: `streamer.pool`. */
  category: string
  message: string
  /** As JSON has them. */
  properties: Record<string, unknown>
}
