import type { SeededRandom } from "../../e2e/player/test-support/seeded-random.ts"
import type { Region } from "./regions.ts"

export const daySeconds = 24 * 60 * 60

/** What somebody does at a time, in seconds from midnight UTC. */
export type Deed =
  | { at: number; person: number; kind: "watch"; channel: string; isFilm: boolean }
  | { at: number; person: number; kind: "stop" }

// Of those who watch in an hour of the local day, beginning at midnight: television measurements look like this
// everywhere, with the peak after nine and the bottom at five in the morning.
const hourlyShares = [
  ...[22, 12, 6, 4, 3, 4, 8, 14, 16, 16, 17, 19],
  ...[25, 28, 25, 23, 24, 30, 42, 58, 78, 88, 76, 48],
]
const sessionsPerDay = 1.9
const channels = 2_000
const filmShare = 0.08
const zapSeconds = { from: 60, to: 900 }
const sessionSeconds = { from: 10 * 60, to: 110 * 60 }

/** A match that many in one region begin to watch within ten minutes, with a break in which some zap. */
export const match = {
  ...{ continent: "EU", channel: "match", share: 0.3 },
  ...{ kickOff: 19.75 * 3600, endsAfter: 110 * 60, breakAfter: 46 * 60, breakSeconds: 15 * 60 },
}

/** All that the people of a region do in a day, in no order. `firstPerson`: their numbers count from there. */
export function deedsOf(region: Region, firstPerson: number, random: SeededRandom): Deed[] {
  const deeds: Deed[] = []
  for (let person = firstPerson; person < firstPerson + region.people; person++) {
    const watchesMatch = region.continent === match.continent && chance(random) < match.share
    const busy: [from: number, to: number][] = []
    if (watchesMatch) busy.push(watchMatch(deeds, person, random))
    const sessions = Math.floor(sessionsPerDay + chance(random) * 2 - 0.5)
    for (let session = 0; session < sessions; session++) {
      const from = localHour(random) - region.hoursAhead * 3600
      const at = (from + daySeconds) % daySeconds
      const to = at + random.between(sessionSeconds.from, sessionSeconds.to)
      // One person watches one thing, also over midnight.
      if (busy.some(([begin, end]) => at < end && to > begin) || to > daySeconds + 3600) continue
      busy.push([at, to])
      watch(deeds, { person, at, to }, random)
    }
  }
  return deeds
}

function watch(
  deeds: Deed[],
  { person, at, to }: { person: number; at: number; to: number },
  random: SeededRandom,
): void {
  const isFilm = chance(random) < filmShare
  for (let zap = at; zap < to; zap += random.between(zapSeconds.from, zapSeconds.to)) {
    const channel = isFilm ? `film of ${person}` : popular(random)
    deeds.push({ at: zap, person, kind: "watch", channel, isFilm })
    if (isFilm) break
  }
  deeds.push({ at: to, person, kind: "stop" })
}

function watchMatch(deeds: Deed[], person: number, random: SeededRandom): [from: number, to: number] {
  const { channel, kickOff, breakAfter, breakSeconds, endsAfter } = match
  const at = kickOff + random.between(-420, 180)
  const to = kickOff + endsAfter + random.between(-240, 900)
  deeds.push({ at, person, kind: "watch", channel, isFilm: false })
  if (chance(random) < 0.25) {
    const zap = kickOff + breakAfter + random.between(0, 240)
    const other = popular(random)
    deeds.push({ at: zap, person, kind: "watch", channel: other, isFilm: false })
    deeds.push({ at: zap + breakSeconds - 240, person, kind: "watch", channel, isFilm: false })
  }
  deeds.push({ at: to, person, kind: "stop" })
  return [at, to]
}

/** Seconds after local midnight, as likely as people begin to watch then. */
function localHour(random: SeededRandom): number {
  const all = hourlyShares.reduce((sum, share) => sum + share, 0)
  let left = chance(random) * all
  const hour = hourlyShares.findIndex((share) => {
    left -= share
    return left < 0
  })
  return (hour + chance(random)) * 3600
}

/** The n-th most popular channel has 1/n of the first one's viewers (Zipf). */
function popular(random: SeededRandom): string {
  return `channel ${Math.floor((channels + 1) ** chance(random))}`
}

/** From 0 to 1, without 1. */
export function chance(random: SeededRandom): number {
  return random.between(0, 2 ** 31 - 1) / 2 ** 31
}
