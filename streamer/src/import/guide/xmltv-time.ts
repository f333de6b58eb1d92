/** Seconds from 1970-01-01 to a day of the Gregorian calendar (days from civil, H. Hinnant). */
function secondsOfDay(year: number, month: number, day: number): number {
  const shifted = month <= 2 ? year - 1 : year
  const era = Math.floor(shifted / 400)
  const yearOfEra = shifted - era * 400
  const dayOfYear = Math.floor((153 * (month + (month > 2 ? -3 : 9)) + 2) / 5) + day - 1
  const dayOfEra = yearOfEra * 365 + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100) + dayOfYear
  return (era * 146_097 + dayOfEra - 719_468) * 86_400
}

const isDigit = (byte: number | undefined) => byte !== undefined && byte >= 0x30 && byte <= 0x39

/**
 * Unix seconds of an XMLTV time: `YYYYMMDD`, then as much of `hhmmss` as there is, then an offset (`+0100`,
 * `+01:00`, `+01`, `Z`). Without an offset, or with a zone's name, it is UTC (xmltv.dtd: "if no explicit
 * timezone is given, UT is assumed"). NaN for anything else.
 */
export function readXmltvTime(bytes: Uint8Array, start: number, end: number): number {
  let at = start
  while (at < end && (bytes[at] as number) <= 0x20) at++
  const digitsFrom = at
  while (at < end && at - digitsFrom < 14 && isDigit(bytes[at])) at++
  const digits = at - digitsFrom
  if (digits < 8 || digits % 2 === 1 || (at < end && isDigit(bytes[at]))) return Number.NaN

  const pair = (index: number) => {
    if (index >= digits) return 0
    return (
      ((bytes[digitsFrom + index] as number) - 0x30) * 10 + (bytes[digitsFrom + index + 1] as number) - 0x30
    )
  }
  const [year, month, day] = [pair(0) * 100 + pair(2), pair(4), pair(6)]
  const [hour, minute, second] = [pair(8), pair(10), pair(12)]
  // 24:00 and leap seconds are written by some; a day too many for its month runs on into the next.
  if (month < 1 || month > 12 || day < 1 || day > 31 || hour > 24 || minute > 59 || second > 60)
    return Number.NaN
  const local = secondsOfDay(year, month, day) + hour * 3600 + minute * 60 + second
  return local - offsetSeconds(bytes, at, end)
}

function offsetSeconds(bytes: Uint8Array, start: number, end: number): number {
  let at = start
  while (at < end && (bytes[at] as number) <= 0x20) at++
  const sign = bytes[at] === 0x2b ? 1 : bytes[at] === 0x2d ? -1 : 0
  if (at >= end || sign === 0) return 0
  let digits = 0
  let number = 0
  for (at++; at < end && digits < 4; at++) {
    const byte = bytes[at] as number
    if (isDigit(byte)) {
      number = number * 10 + byte - 0x30
      digits++
    } else if (byte !== 0x3a) break
  }
  if (digits < 3) number *= 100
  return sign * (Math.floor(number / 100) * 3600 + (number % 100) * 60)
}

const twoDigits = Array.from({ length: 60 }, (_, number) => String(number).padStart(2, "0"))
// Times come in their order: a day's date is made once, not for each of a million.
let lastDay = 0
let lastDate = "19700101"

/** `YYYYMMDDhhmmss +0000`, for whole seconds. */
export function xmltvTime(unixSeconds: number): string {
  const day = Math.floor(unixSeconds / 86_400)
  if (day !== lastDay) {
    lastDay = day
    lastDate = new Date(day * 86_400_000).toISOString().slice(0, 10).replaceAll("-", "")
  }
  const second = unixSeconds - day * 86_400
  const hour = twoDigits[Math.floor(second / 3600)]
  return `${lastDate}${hour}${twoDigits[Math.floor(second / 60) % 60]}${twoDigits[second % 60]} +0000`
}
