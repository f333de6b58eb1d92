import { setTimeout as delay } from "node:timers/promises"
import type { Bench } from "../bench.ts"
import { figure, type Report } from "../report.ts"
import { quantile } from "../statistics.ts"
import { numberFrom } from "./number-from.ts"
import { type StreamsSystem, startStreamsSystem } from "./streams-system.ts"
import { type Zapped, zapTo } from "./zap-player.ts"

const [warmChannel, watchedChannel, firstCold] = [0, 1, 2]
const providerChannel = 801
const warmLimit = 20
const coldLimit = 50
const mostFailures = 3
const pauseMilliseconds = 30
const warmUps = 5

export const zap: Bench = {
  name: "zap",
  title: "from a click at the edge to the first byte of the picture, with and without other viewers",
  run: async (report, shared) => {
    const zaps = numberFrom("BENCH_ZAPS", 100)
    const others = numberFrom("BENCH_OTHERS", 500)
    const system = await shared.open("zap", () => openSystem(2 * zaps))
    try {
      report.say(system.note)
      report.say("each figure is of connections of its own; one viewer keeps the warm channel live")
      // Who makes a channel a live one; the rest of the load comes beside them.
      await system.load.open([await system.redirect(warmChannel)], 1)
      await sayZaps(report, system, { zaps, others: 0, from: firstCold })
      await system.load.open([await system.redirect(watchedChannel)], others)
      await sayZaps(report, system, { zaps, others, from: firstCold + zaps })
    } finally {
      await shared.closeOne("zap")
    }
  },
}

function openSystem(cold: number): Promise<StreamsSystem> {
  return startStreamsSystem({
    provider: [{ id: providerChannel, megabits: 8 }],
    channels: Array.from({ length: firstCold + cold }, () => [providerChannel]),
    // A channel that was zapped away from is to be no load for those that follow.
    environment: { POOL_GRACE: "100ms" },
  })
}

/** One after the other; null where no picture came. */
interface Round {
  /** At the provider itself. */
  direct: Zapped | null
  cold: Zapped | null
  warm: Zapped | null
}

async function sayZaps(
  report: Report,
  system: StreamsSystem,
  { zaps, others, from }: { zaps: number; others: number; from: number },
): Promise<void> {
  const before = await system.load.measure(1)
  const rounds = await zapAround(system, zaps, from)
  const at = `${others} other viewers`
  const times = (take: (round: Round) => number | null | undefined) =>
    rounds.map(take).filter((value) => typeof value === "number")
  const warmRedirects = times(({ warm }) => warm?.redirectMs)
  const coldRedirects = times(({ cold }) => cold?.redirectMs)
  report.row(
    `${at}: the edge's redirect, to a live channel and to another`,
    `${spread(warmRedirects)}; ${spread(coldRedirects)}`,
  )
  report.row(`${at}: the provider's own first video byte`, spread(times(({ direct }) => direct?.videoMs)))
  report.row(`${at}, warm: request to first video byte`, spread(times(({ warm }) => warm?.videoMs)))
  const overRedirect = times(({ warm }) => warm && warm.videoMs - (warm.redirectMs ?? 0))
  sayLimit(report, `${at}, warm: over its redirect`, overRedirect, warmLimit)
  report.row(`${at}, cold: request to first video byte`, spread(times(({ cold }) => cold?.videoMs)))
  const overProvider = times(({ cold, direct }) => cold && direct && cold.videoMs - direct.videoMs)
  sayLimit(report, `${at}, cold: over the provider's own, asked just before`, overProvider, coldLimit)
  const failed = rounds
    .flatMap(({ direct, cold, warm }) => [direct, cold, warm])
    .filter((one) => one === null)
  if (failed.length > 0) report.row(`${at}: zaps without a picture`, `${failed.length}`, "0", false)
  if (others === 0) return
  const { megabitsPerSecond, gigabitsPerSecond, closed } = await system.load.measure(1)
  report.row(
    `${at}: what they got before and after, the slowest of them after; lost`,
    `${figure(before.gigabitsPerSecond)} and ${figure(gigabitsPerSecond)} Gbit/s, ${figure(megabitsPerSecond.min)} Mbit/s; ${closed}`,
  )
}

/** In turn, so that what the machine does meanwhile is the same for all. */
async function zapAround(system: StreamsSystem, zaps: number, from: number): Promise<Round[]> {
  const url = (number: number) => system.edge + system.channels[number]?.path
  const failures: unknown[] = []
  const attempt = async (target: string) => {
    const zapped = await zapTo(target).catch((error: unknown) => {
      failures.push(error)
      return null
    })
    if (failures.length > mostFailures) throw failures[0]
    await delay(pauseMilliseconds)
    return zapped
  }
  // Not counted: has the code of everybody loaded.
  for (let count = 0; count < warmUps; count++) await attempt(url(warmChannel))
  const rounds: Round[] = []
  for (let channel = from; channel < from + zaps; channel++)
    rounds.push({
      direct: await attempt(system.channels[channel]?.providerUrl ?? ""),
      cold: await attempt(url(channel)),
      warm: await attempt(url(warmChannel)),
    })
  return rounds
}

function spread(milliseconds: readonly number[]): string {
  const [p50, p99] = [quantile(milliseconds, 0.5), quantile(milliseconds, 0.99)]
  return `p50 ${figure(p50)} ms, p99 ${figure(p99)} ms`
}

function sayLimit(report: Report, what: string, milliseconds: readonly number[], limit: number): void {
  report.row(what, spread(milliseconds), `p99 ≤ ${limit} ms`, quantile(milliseconds, 0.99) <= limit)
}
