/** How many tasks a fleet may have, and what one of them carries. */
export interface TaskLimits {
  minimum: number
  maximum: number
  viewersPerTask: number
  bitsPerSecondPerTask: number
  transcodesPerTask: number
}

/** What all streamers of a fleet carry together. */
export interface FleetLoad {
  viewers: number
  bitsPerSecond: number
  transcodes: number
  /** Live streams; those that run without viewers need a task too. */
  streams: number
}

/** The load at a time (Redis milliseconds), and the tasks that would not have been given up under it. */
export interface LoadSample extends FleetLoad {
  at: number
  kept: number
}

export interface Observed {
  limits: TaskLimits
  /** Redis milliseconds. */
  now: number
  load: FleetLoad
  /** What was observed before, as `desiredCount` gave it back; empty where nothing is known. */
  samples: readonly LoadSample[]
  /** Somebody asked for a stream while no streamer ran. */
  isWished: boolean
  /** Tasks that take viewers, or will when they have started: those that drain are not counted. */
  current: number
}

/** How long the load has to be lower before a task is given up: longer than a break in a match makes viewers zap. */
export const calmMilliseconds = 15 * 60_000

// Of what tasks carry. It covers what comes in no trend, as when one task dies.
const headroomShare = 0.2

// A task is kept for a load that is so much below what one more is started for, so that a load that swings around a
// full task does not start and end one again and again.
const keptShare = 0.1

// A decision has to last until what the next one starts takes viewers: a minute between runs, one that a task takes to
// start, and what it takes to pull the image when it is not cached.
const leadSeconds = 150

// Growth is measured over one to three runs: over fewer it is noise, over more it comes too late for a kick-off.
const trendMilliseconds = { from: 50_000, to: 200_000 }

// Runs are a minute apart, give or take what they wait for.
const runMilliseconds = 60_000

/**
 * How many tasks are to take viewers. More are wanted at once, when the load as it will be once they have started
 * needs them; fewer only when fewer would have been kept for `calmMilliseconds` without a break, and then one fewer in each run.
 */
export function desiredCount(observed: Observed): { tasks: number; samples: LoadSample[] } {
  const { limits, now, load, current } = observed
  const known = observed.samples.filter(
    ({ at }) => at < now && at >= now - calmMilliseconds - runMilliseconds / 2,
  )
  const expected = ahead(load, known, now)
  const wanted = clamp(tasksFor(limits, expected, 1), observed)
  const kept = clamp(tasksFor(limits, expected, 1 + keptShare), observed)
  const samples = [...known, { at: now, ...load, kept }]
  if (wanted >= current) return { tasks: wanted, samples }
  const isCalm = samples.some(({ at }) => at <= now - calmMilliseconds + runMilliseconds / 2)
  const highest = Math.max(...samples.map((sample) => sample.kept))
  const tasks = isCalm && highest < current ? current - 1 : current
  return { tasks, samples }
}

/** What is to be carried when a task that is started later than now is there. */
function ahead(load: FleetLoad, samples: readonly LoadSample[], now: number): FleetLoad {
  const recent = samples.filter(
    ({ at }) => at <= now - trendMilliseconds.from && at >= now - trendMilliseconds.to,
  )
  const grown = (of: "viewers" | "bitsPerSecond" | "transcodes"): number => {
    // Who comes and goes by chance is no trend: about the square root of how many there are.
    const byChance = load[of] / Math.sqrt(of === "transcodes" ? load.transcodes : load.viewers) || 0
    const rates = recent.map((sample) => ((load[of] - sample[of] - byChance) / (now - sample.at)) * 1000)
    return load[of] * (1 + headroomShare) + Math.max(0, ...rates) * leadSeconds
  }
  return {
    viewers: grown("viewers"),
    bitsPerSecond: grown("bitsPerSecond"),
    transcodes: grown("transcodes"),
    streams: load.streams,
  }
}

/** `factor`: by how much more than this load they are to carry. */
function tasksFor(limits: TaskLimits, load: FleetLoad, factor: number): number {
  return Math.max(
    load.streams > 0 ? 1 : 0,
    Math.ceil((load.viewers * factor) / limits.viewersPerTask),
    Math.ceil((load.bitsPerSecond * factor) / limits.bitsPerSecondPerTask),
    Math.ceil((load.transcodes * factor) / limits.transcodesPerTask),
  )
}

function clamp(tasks: number, { limits, isWished }: Observed): number {
  return Math.min(Math.max(tasks, isWished ? 1 : 0, limits.minimum), limits.maximum)
}
