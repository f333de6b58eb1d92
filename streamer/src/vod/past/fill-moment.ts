import { utc, type WallClock, wallClock, type Zone } from "./local-time.ts"

/** What of the past is asked for, and when; Unix seconds. */
export interface Moment {
  start: number
  seconds: number
  now: number
  /** Of wall clock times; null: it is not known, and UTC is taken. */
  zone: Zone | null
}

/** A placeholder that means nothing, as it is written. */
export type Filled = { ok: true; text: string } | { ok: false; placeholder: string }

type Value = (argument: string | undefined, moment: Moment) => string | null

const start: Value = (format, moment) => time(moment.start, format, moment)
const now: Value = (format, moment) => time(moment.now, format, moment)
const end: Value = (format, moment) => time(moment.start + moment.seconds, format, moment)

// As Kodi's IPTV Simple documents them ("Catchup format specifiers" in its README), each with `$` or without.
const values: ReadonlyMap<string, Value> = new Map<string, Value>([
  ...["utc", "start"].map((name) => [name, start] as const),
  ...["lutc", "now", "timestamp"].map((name) => [name, now] as const),
  ...["utcend", "end"].map((name) => [name, end] as const),
  ["duration", (divider, { seconds }) => quotient(seconds, divider)],
  ["offset", (divider, moment) => quotient(Math.max(0, moment.now - moment.start), divider)],
  ...[..."YmdHMS"].map((letter): [string, Value] => [
    letter,
    (argument, moment) => (argument === undefined ? time(moment.start, letter, moment) : null),
  ]),
])

/** What is filled in elsewhere. */
const ofTheProfile = new Set(["server", "username", "password"])

/**
 * Fills a moment into a template of `catchup-source`. Wall clock times (`{Y}`, `{utc:YmdHMS}`) are the provider's, as
 * in Xtream's addresses; IPTV Simple writes those of the player's machine, which for its users is nearly always the
 * same.
 */
export function fillMoment(template: string, moment: Moment): Filled {
  let unknown: string | null = null
  const text = template.replace(
    /\$?\{([^{}:]*)(?::([^{}]*))?\}/g,
    (whole, name: string, argument?: string) => {
      if (ofTheProfile.has(name) && argument === undefined) return whole
      const value = values.get(name)?.(argument, moment) ?? null
      if (value === null) unknown ??= whole
      return value ?? whole
    },
  )
  return unknown === null ? { ok: true, text } : { ok: false, placeholder: unknown }
}

function time(unixSeconds: number, format: string | undefined, { zone }: Moment): string {
  if (format === undefined) return String(unixSeconds)
  const shown = wallClock(unixSeconds, zone ?? utc)
  return format.replace(/[YmdHMS]/g, (letter) => shown[fields[letter as keyof typeof fields]])
}

const fields = {
  Y: "year",
  m: "month",
  d: "day",
  H: "hour",
  M: "minute",
  S: "second",
} as const satisfies Record<string, keyof WallClock>

/** Rounded up, so that neither the beginning nor the end of what is asked for is cut; null for a divider that is none. */
function quotient(seconds: number, divider: string | undefined): string | null {
  if (divider === undefined) return String(seconds)
  return /^[1-9]\d*$/.test(divider) ? String(Math.ceil(seconds / Number(divider))) : null
}
