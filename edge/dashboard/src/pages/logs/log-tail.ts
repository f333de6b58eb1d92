import type { LogPage } from "@tributary/shared/admin-api/logs"

/** A line as the page holds it; `key` is unique on the page, where a streamer that began anew counts from 1 again. */
export type TailLine = LogPage["lines"][number] & { key: number }

/** The newest lines that were read. */
export interface LogTail {
  /** Oldest first. */
  lines: readonly TailLine[]
  /** What to ask on with; null: nothing was read yet. */
  next: string | null
  /** How many came with the last answer. */
  arrived: number
  /** How many came in all, those that were dropped since included. */
  total: number
  /** There may be more already. */
  isBehind: boolean
  /** Streamers whose lines are missing. */
  unanswered: readonly string[]
}

export const emptyTail: LogTail = {
  ...{ lines: [], next: null, arrived: 0, total: 0, isBehind: false, unanswered: [] },
}

/** So many lines the page keeps: as many as a streamer does. */
export const mostLines = 2_000
/** So many it asks for at once. */
export const pageLines = 500

/** The tail with an answer behind it; the oldest lines go when there are too many. */
export function withPage(tail: LogTail, { lines, next, unanswered }: LogPage): LogTail {
  const added = lines.map((line, index) => ({ ...line, key: tail.total + index }))
  return {
    lines: added.length === 0 ? tail.lines : [...tail.lines, ...added].slice(-mostLines),
    next,
    arrived: added.length,
    total: tail.total + added.length,
    // The first answer has the newest lines, whatever their number.
    isBehind: tail.next !== null && added.length >= pageLines,
    unanswered,
  }
}
