import type { LogPage, StreamerLog } from "@tributary/shared/admin-api/logs"
import type { LogCursor } from "./log-cursor.ts"

type Line = LogPage["lines"][number]

export interface Merge {
  said: readonly { streamer: string; answer: StreamerLog }[]
  /** Null: the newest lines are asked for. */
  after: LogCursor | null
  limit: number
}

/**
 * The lines of several logs by their times, and up to where each log is read with them. Behind a cursor these are the
 * oldest ones, so that none is left out; without one, the newest.
 */
export function mergeLogs({ said, after, limit }: Merge): { lines: Line[]; next: Map<string, number> } {
  const merged = said.flatMap(({ streamer, answer }) => inOrder(streamer, answer)).sort(byTime)
  const kept = after === null ? merged.slice(-limit) : merged.slice(0, limit)
  const lines = kept.map(({ line }) => line)
  const next = said.map(({ streamer, answer }): [string, number] => {
    const isRead =
      after === null || answer.lines.length === lines.filter((line) => line.streamer === streamer).length
    const last = lines.findLast((line) => line.streamer === streamer)?.seq
    return [streamer, isRead ? answer.next : (last ?? after.get(streamer) ?? 0)]
  })
  return { lines, next: new Map(next) }
}

interface Timed {
  line: Line
  /** Of the line, or of one before it that has a later time: a log stays in its order. */
  time: number
}

function inOrder(streamer: string, { lines }: StreamerLog): Timed[] {
  let time = 0
  return lines.map((line) => {
    time = Math.max(time, line.at)
    return { line: { ...line, streamer }, time }
  })
}

const byTime = (one: Timed, other: Timed) => one.time - other.time
