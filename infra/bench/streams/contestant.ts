import { setTimeout as delay } from "node:timers/promises"
import { processUse } from "../process-use.ts"
import { median } from "../statistics.ts"
import type { LoadReport } from "./load/load-report.ts"
import type { ViewerLoad } from "./load/viewer-load.ts"
import type { ProviderWatch } from "./provider-watch.ts"

/** A server that is measured, and how its viewers come to what they watch. */
export interface Contestant {
  name: string
  pid: number
  /** Makes it ready for viewers; they take these addresses in turn. */
  begin: () => Promise<string[]>
  /** Its heap and its buffers, where it says. */
  memory?: () => NodeJS.MemoryUsage
  /** After its viewers have left. */
  end?: () => Promise<unknown>
}

/** What one contestant did in one window. */
export interface Heat extends LoadReport {
  cpuSeconds: number
  /** Gigabits that it delivers in a second of one core's time. */
  gigabitsPerCoreSecond: number
  /** Median of its resident memory in the window. */
  residentBytes: number
  /** At the end of it. */
  memory: NodeJS.MemoryUsage | null
  /** What the provider sent each of its connections, on average: what a viewer of it is to get. */
  wantedMegabitsPerSecond: number
}

const sampleMilliseconds = 100
// A second has 25 of the provider's slices, so that one more or less is no other rate.
const settleSeconds = 1
const longestSettleSeconds = 4
// A viewer's window begins and ends between two of the provider's slices, of which there are 25 a second: in some
// seconds that is one or two of a hundred, and the provider may be late with one.
const tolerance = 0.95

/** Viewers that were not served, for whatever reason. */
export function lost({ closed, non200, silent }: Pick<Heat, "closed" | "non200" | "silent">): number {
  return Math.max(closed, non200, silent)
}

/** Every viewer got what the provider sent, and nobody was lost. */
export function isFull(heat: Heat): boolean {
  return lost(heat) === 0 && heat.megabitsPerSecond.min >= tolerance * heat.wantedMegabitsPerSecond
}

/** Opens the viewers, waits until they have what was kept for joiners, measures, and has them leave. */
export async function runHeat(
  contestant: Contestant,
  { load, provider }: { load: ViewerLoad; provider: ProviderWatch },
  { viewers, seconds }: { viewers: number; seconds: number },
): Promise<Heat> {
  const urls = await contestant.begin()
  try {
    await load.open(urls, viewers)
    await settle(load, provider, viewers)
    const { result, bitsPerSecond } = await provider.ratesDuring(() => measure(contestant, load, seconds))
    const cpuSeconds = result.report.serverCpuSeconds[0] ?? Number.NaN
    return {
      ...result.report,
      cpuSeconds,
      gigabitsPerCoreSecond: result.report.gigabits / cpuSeconds,
      residentBytes: result.residentBytes,
      memory: contestant.memory?.() ?? null,
      wantedMegabitsPerSecond: mean(bitsPerSecond) / 1e6,
    }
  } finally {
    await load.leave()
    await contestant.end?.()
  }
}

async function measure(
  { pid }: Contestant,
  load: ViewerLoad,
  seconds: number,
): Promise<{ report: LoadReport; residentBytes: number }> {
  const samples: number[] = []
  const look = () => {
    try {
      samples.push(processUse(pid).residentBytes)
    } catch {
      // It is gone, which fails the measurement itself.
    }
  }
  const timer = setInterval(look, sampleMilliseconds)
  try {
    const report = await load.measure(seconds, [pid])
    return { report, residentBytes: median(samples) }
  } finally {
    clearInterval(timer)
  }
}

/** Until viewers get no more than the channel's rate, or as long as a server that cannot keep up is given. */
async function settle(load: ViewerLoad, provider: ProviderWatch, viewers: number): Promise<void> {
  const deadline = performance.now() + longestSettleSeconds * 1000
  while (performance.now() < deadline) {
    const { result, bitsPerSecond } = await provider.ratesDuring(() => load.measure(settleSeconds))
    const offered = (viewers * mean(bitsPerSecond)) / 1e9
    if (Math.abs(result.gigabitsPerSecond / offered - 1) < 0.06) return
    await delay(sampleMilliseconds)
  }
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length
}
