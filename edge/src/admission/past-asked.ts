/** What of a channel's past is asked for: from Unix seconds on, for so many seconds. */
export interface PastAsked {
  start: number
  seconds: number
}

/** A message for people names each part that cannot be read. */
export type PastReading = { ok: true; past: PastAsked } | { ok: false; message: string }

const longestMinutes = 24 * 60

/**
 * Reads Xtream's `start` and `duration`. Panels' clients write the time of `server_info.timezone`, which is UTC here:
 * `2026-01-31:18-30`, with seconds or `_` or a space too, or Unix seconds. At most a day can be asked for.
 */
export function readPastAsked(start: string, minutes: string): PastReading {
  const from = /^\d{9,11}$/.test(start) ? Number(start) : wallClock(start)
  const seconds = secondsOf(minutes)
  if (from !== null && seconds !== null) return { ok: true, past: { start: from, seconds } }
  const wrong = [
    ...(from === null
      ? [`${quoted("start", start)} is neither YYYY-MM-DD:HH-MM in UTC nor Unix seconds`]
      : []),
    ...(seconds === null ? [`${quoted("duration", minutes)} is no number of minutes up to a day's`] : []),
  ]
  return { ok: false, message: `${wrong.join("; ")}.` }
}

function secondsOf(minutes: string): number | null {
  const seconds = Math.round(Number(minutes) * 60)
  const isRead = /^\d+(?:\.\d+)?$/.test(minutes) && seconds >= 1 && seconds <= longestMinutes * 60
  return isRead ? seconds : null
}

/** Players put the moment in the place of what stands in braces in a playlist (`catchup-source`), if they know it. */
function quoted(part: string, text: string): string {
  return /\{.*\}/.test(text) ? `${part} "${text}", which the player has not filled in,` : `${part} "${text}"`
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
