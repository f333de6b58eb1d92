import { freePort } from "../../e2e/system/free-ports.ts"
import type { Bench } from "../bench.ts"
import { figure, type Report } from "../report.ts"
import type { Opened } from "../shared.ts"
import { median } from "../statistics.ts"
import { type Contestant, type Heat, isFull, runHeat } from "./contestant.ts"
import { requireDescriptors } from "./descriptors.ts"
import { numberFrom } from "./number-from.ts"
import { startNode } from "./start-program.ts"
import { type StreamsSystem, startStreamsSystem } from "./streams-system.ts"

const rounds = 3
const seconds = 4
const channel = 801
const mostTimes = 1.5
const pipeProgram = new URL("contestants/bare-pipe.ts", import.meta.url)

export const channels: Bench = {
  name: "channels",
  title: "many channels of 8 Mbit/s to one viewer each, beside a bare Node pipe",
  run: async (report, shared) => {
    const count = numberFrom("BENCH_CHANNELS", 100)
    const field = await shared.open("channels", () => openField(count))
    try {
      await measure(report, field, count)
    } finally {
      await shared.closeOne("channels")
    }
  },
}

interface Field extends Opened {
  system: StreamsSystem
  streamer: Contestant
  pipe: Contestant
}

async function openField(count: number): Promise<Field> {
  const system = await startStreamsSystem({
    // One channel of the provider is behind all of ours, so that it makes each slice once.
    provider: [{ id: channel, megabits: 8 }],
    channels: Array.from({ length: count }, () => [channel]),
    environment: { POOL_GRACE: "1s" },
  })
  try {
    const urls = system.channels.map(({ providerUrl }) => new URL(providerUrl))
    const [first] = urls
    if (first === undefined) throw new Error("there is no channel")
    const port = await freePort()
    const pipe = await startNode(pipeProgram, system.cores?.server ?? null, {
      PORT: String(port),
      UPSTREAM: first.origin + first.pathname,
    })
    system.add(() => pipe.close())
    // A connection to the provider and one to the viewer.
    for (const pid of [system.streamer, pipe.pid]) requireDescriptors(pid, 2 * count)
    return {
      system,
      streamer: {
        name: "streamer",
        pid: system.streamer,
        begin: async () => {
          const redirects: string[] = []
          for (const number of system.channels.keys()) redirects.push(await system.redirect(number))
          return redirects
        },
      },
      pipe: {
        name: "bare pipe",
        pid: pipe.pid,
        begin: async () => urls.map(({ search }) => `http://127.0.0.1:${port}/${search}`),
      },
      close: () => system.close(),
    }
  } catch (error) {
    await system.close()
    throw error
  }
}

async function measure(report: Report, { system, streamer, pipe }: Field, count: number): Promise<void> {
  report.say(system.note)
  const run = (contestant: Contestant) => runHeat(contestant, system, { viewers: count, seconds })
  // Not counted: in it both become as fast as they will be.
  for (const contestant of [streamer, pipe]) await run(contestant)
  const heats = new Map<Contestant, Heat[]>([
    [streamer, []],
    [pipe, []],
  ])
  for (let round = 0; round < rounds; round++)
    for (const contestant of round % 2 === 0 ? [streamer, pipe] : [pipe, streamer])
      heats.get(contestant)?.push(await run(contestant))
  for (const [{ name }, ran] of heats) {
    const cpu = ran.map((heat) => (heat.cpuSeconds / heat.seconds) * 100)
    const slowest = Math.min(...ran.map(({ megabitsPerSecond }) => megabitsPerSecond.min))
    const wanted = median(ran.map(({ wantedMegabitsPerSecond }) => wantedMegabitsPerSecond))
    report.row(
      `${name}: ${count} channels, CPU`,
      `${figure(median(cpu))} % of a core (${cpu.map(figure).join(", ")})`,
    )
    report.row(
      `${name}: the slowest viewer, of a channel's ${figure(wanted)} Mbit/s`,
      `${figure(slowest)} Mbit/s`,
      "all of it",
      ran.every(isFull),
    )
  }
  const perGigabit = (contestant: Contestant) =>
    (heats.get(contestant) ?? []).map(({ gigabitsPerCoreSecond }) => 1 / gigabitsPerCoreSecond)
  const pipes = perGigabit(pipe)
  const times = perGigabit(streamer).map((cost, round) => cost / (pipes[round] ?? Number.NaN))
  report.row(
    "streamer: CPU time for what it delivers over the bare pipe's, median of the rounds",
    `${figure(median(times))} times (${times.map(figure).join(", ")})`,
    `≤ ${mostTimes} times`,
    median(times) <= mostTimes,
  )
}
