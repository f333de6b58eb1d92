/** What of a channel's past is asked for: from Unix seconds on, for so many seconds. */
export interface PastAsked {
  start: number
  seconds: number
}

const longestMinutes = 24 * 60

/**
 * Reads Xtream's `start` and `duration`. Panels' clients write the time of `server_info.timezone`, which is UTC here:
 * `2026-01-31:18-30`, with seconds or `_` or a space too, or Unix seconds. Null when it is neither, or longer than a
 * day.
 */
export function pastAsked(start: string, minutes: string): PastAsked | null {
  const seconds = Math.round(Number(minutes) * 60)
  if (!/^\d+(?:\.\d+)?$/.test(minutes) || seconds < 1 || seconds > longestMinutes * 60) return null
  const from = /^\d{9,11}$/.test(start) ? Number(start) : wallClock(start)
  return from === null ? null : { start: from, seconds }
}

function wallClock(text: string): number | null {
  const match = /^(\d{4})-(\d\d)-(\d\d)[:_ T](\d\d)[-:](\d\d)(?:[-:](\d\d))?Z?$/.exec(text)
  if (match === null) return null
  const [year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0] = match
    .slice(1)
    .map((part) => Number(part ?? 0))
  const at = Date.UTC(year, month - 1, day, hour, minute, second)
  const isReal = new Date(at).getUTCDate() === day && hour < 24 && minute < 60 && second < 60
  return isReal ? at / 1000 : null
}
