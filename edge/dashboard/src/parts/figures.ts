const bitUnits = ["bit/s", "kbit/s", "Mbit/s", "Gbit/s", "Tbit/s"]
const byteUnits = ["B", "kB", "MB", "GB", "TB"]

function inUnits(value: number, units: readonly string[]): string {
  let rest = Math.max(0, value)
  let unit = 0
  while (rest >= 999.5 && unit < units.length - 1) {
    rest /= 1000
    unit++
  }
  const digits = unit === 0 || rest >= 99.95 ? 0 : rest >= 9.995 ? 1 : 2
  return `${rest.toFixed(digits)} ${units[unit]}`
}

/** `7.53 Mbit/s`. */
export const bitRate = (bitsPerSecond: number): string => inUnits(bitsPerSecond, bitUnits)

/** `12.0 MB`, in powers of 1000. */
export const byteSize = (bytes: number): string => inUnits(bytes, byteUnits)

export const count = (value: number): string => value.toLocaleString("en")

/** `4 s`, `3 min`, `2 h 5 min`, `3 d 4 h`. */
export function duration(milliseconds: number): string {
  const seconds = Math.max(0, Math.round(milliseconds / 1000))
  if (seconds < 60) return `${seconds} s`
  const minutes = Math.floor(seconds / 60)
  if (minutes < 60) return `${minutes} min`
  const hours = Math.floor(minutes / 60)
  if (hours < 24) return minutes % 60 === 0 ? `${hours} h` : `${hours} h ${minutes % 60} min`
  const days = Math.floor(hours / 24)
  return hours % 24 === 0 ? `${days} d` : `${days} d ${hours % 24} h`
}

/** `5 min ago`, `in 2 h`. */
export function fromNow(at: number, now: number): string {
  const away = Math.abs(at - now)
  if (away < 1_500) return "now"
  return at < now ? `${duration(away)} ago` : `in ${duration(away)}`
}

/** In the reader's own time zone. */
export const dateTime = (at: number): string =>
  new Date(at).toLocaleString(undefined, { dateStyle: "medium", timeStyle: "short" })
