import { desiredCount, type FleetLoad, type LoadSample, type TaskLimits } from "./desired-count.ts"

/** Viewers by the minute, straight between points. The points are of days that were watched, rounded. */
export type Curve = readonly (readonly [minute: number, viewers: number])[]

/** From four in the afternoon to three at night: the news and the film after it, then all go to bed. */
export const evening: Curve = [
  [0, 320],
  [60, 380],
  [120, 640],
  [180, 1_050],
  [210, 1_300],
  [255, 1_950],
  [300, 2_100],
  [345, 2_020],
  [390, 1_500],
  [450, 820],
  [540, 260],
  [660, 90],
]

/** Three quarters of all come in the ten minutes around the kick-off; in the break many look elsewhere for a moment. */
export const match: Curve = [
  [0, 400],
  [50, 620],
  [55, 1_050],
  [60, 2_000],
  [66, 2_450],
  [105, 2_500],
  [108, 2_050],
  [118, 2_150],
  [121, 2_520],
  [166, 2_600],
  [169, 1_900],
  [176, 900],
  [200, 480],
  [260, 400],
]

/** One task's worth of viewers and fewer, with whole hours of nobody. */
export const night: Curve = [
  [0, 60],
  [45, 22],
  [90, 4],
  [120, 0],
  [300, 0],
  [301, 1],
  [330, 14],
  [360, 55],
]

/** The load at a minute; noise (0 to 1, as from a seeded generator) makes it jump by 1 % each way. */
export function loadAt(curve: Curve, minute: number, noise: () => number): FleetLoad {
  const after = curve.findIndex(([at]) => at >= minute)
  const [toAt, to] = curve[after] ?? curve.at(-1) ?? [0, 0]
  const [fromAt, from] = curve[after - 1] ?? [toAt, to]
  const share = toAt === fromAt ? 1 : (minute - fromAt) / (toAt - fromAt)
  const viewers = Math.round((from + (to - from) * share) * (1 + (noise() - 0.5) * 0.02))
  return {
    viewers,
    bitsPerSecond: viewers * 4_500_000,
    transcodes: Math.ceil(viewers / 400),
    streams: Math.ceil(viewers / 5),
  }
}

export interface Minute {
  minute: number
  load: FleetLoad
  wanted: number
  /** Tasks that take viewers until the next run: those that were wanted a run ago have started by now. */
  ready: number
}

/** A fleet that is scaled each minute through a curve. It begins with what the curve's first minute needs. */
export function follow(limits: TaskLimits, curve: Curve, noise: () => number): Minute[] {
  const minutes: Minute[] = []
  let samples: LoadSample[] = []
  for (let minute = 0; minute <= (curve.at(-1)?.[0] ?? 0); minute++) {
    const load = loadAt(curve, minute, noise)
    const before = minutes.at(-1)?.wanted
    const observed = { limits, now: minute * 60_000, load, samples, isWished: false, current: before ?? 0 }
    const decided = desiredCount(observed)
    samples = decided.samples
    const ready = Math.min(before ?? decided.tasks, decided.tasks)
    minutes.push({ minute, load, wanted: decided.tasks, ready })
  }
  return minutes
}

/** The same numbers for the same seed, from 0 to 1 (mulberry32). */
export function seeded(seed: number): () => number {
  let state = seed
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
}
