import {
  type TrafficPoint,
  type TrafficReport,
  trafficPoints,
  trafficStepSeconds,
} from "@tributary/shared/admin-api/overview"
import type { TrafficSight } from "./look-at-traffic.ts"
import { TotalMeter } from "./total-meter.ts"

export interface TrafficHistoryOptions {
  look: () => TrafficSight
  /** Unix milliseconds: streamers have their steps in common. */
  now: () => number
  /** Monotonic milliseconds. */
  monotonic: () => number
}

interface Sample {
  seconds: number
  bytesIn: number
  bytesOut: number
}

type Step = Sample & Pick<TrafficPoint, "at" | "viewers" | "streams">

const stepMilliseconds = trafficStepSeconds * 1000
const sampleMilliseconds = 2_000
/** What "now" is told by: 10 s. */
const recentSamples = 5

/** What this streamer carried in the last hour, in steps. */
export class TrafficHistory {
  readonly #options: TrafficHistoryOptions
  readonly #received = new TotalMeter()
  readonly #sent = new TotalMeter()
  /** The newest is still under way. */
  readonly #steps: Step[] = []
  readonly #recent: Sample[] = []
  #sampledAt: number
  #timer: NodeJS.Timeout | null = null

  constructor(options: TrafficHistoryOptions) {
    this.#options = options
    this.#sampledAt = options.monotonic()
  }

  /** Samples on its own from now on, until it is closed. */
  start(): void {
    this.#timer ??= setInterval(() => this.sample(), sampleMilliseconds).unref()
  }

  close(): void {
    if (this.#timer !== null) clearInterval(this.#timer)
    this.#timer = null
  }

  /** Counts what was carried since the last sample for the step of this moment. */
  sample(): void {
    const { look, now, monotonic } = this.#options
    const { received, sent, viewers, streams } = look()
    const time = monotonic()
    const seconds = (time - this.#sampledAt) / 1000
    this.#sampledAt = time
    const sample = { seconds, bytesIn: this.#received.take(received), bytesOut: this.#sent.take(sent) }
    this.#recent.push(sample)
    if (this.#recent.length > recentSamples) this.#recent.shift()
    const step = this.#stepAt(Math.floor(now() / stepMilliseconds) * stepMilliseconds)
    Object.assign(step, sum([step, sample]), { viewers, streams })
  }

  /** The steps that are over, and what there is now. */
  report(): TrafficReport {
    const { viewers, streams } = this.#options.look()
    const { bytesIn, bytesOut } = rates(sum(this.#recent))
    return {
      now: { viewers, streams, bitsPerSecondIn: bytesIn * 8, bitsPerSecondOut: bytesOut * 8 },
      stepSeconds: trafficStepSeconds,
      points: this.#steps.slice(0, -1).map((step) => {
        const { bytesIn: bytesPerSecondIn, bytesOut: bytesPerSecondOut } = rates(step)
        return {
          at: step.at,
          bytesPerSecondIn,
          bytesPerSecondOut,
          viewers: step.viewers,
          streams: step.streams,
        }
      }),
    }
  }

  #stepAt(at: number): Step {
    // The clock was set back: what comes now takes the place of what was too far ahead.
    while ((this.#steps.at(-1)?.at ?? at) > at) this.#steps.pop()
    const last = this.#steps.at(-1)
    if (last?.at === at) return last
    const step = { at, seconds: 0, bytesIn: 0, bytesOut: 0, viewers: 0, streams: 0 }
    this.#steps.push(step)
    if (this.#steps.length > trafficPoints + 1) this.#steps.shift()
    return step
  }
}

function sum(samples: readonly Sample[]): Sample {
  const total = { seconds: 0, bytesIn: 0, bytesOut: 0 }
  for (const { seconds, bytesIn, bytesOut } of samples) {
    total.seconds += seconds
    total.bytesIn += bytesIn
    total.bytesOut += bytesOut
  }
  return total
}

/** Whole bytes per second. */
function rates({ seconds, bytesIn, bytesOut }: Sample): Pick<Sample, "bytesIn" | "bytesOut"> {
  if (seconds <= 0) return { bytesIn: 0, bytesOut: 0 }
  return { bytesIn: Math.round(bytesIn / seconds), bytesOut: Math.round(bytesOut / seconds) }
}
