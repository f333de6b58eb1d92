import { freePort } from "../../e2e/system/free-ports.ts"
import type { Bench } from "../bench.ts"
import { figure, type Report } from "../report.ts"
import type { Opened } from "../shared.ts"
import { median } from "../statistics.ts"
import { type Contestant, type Heat, isFull, lost, runHeat } from "./contestant.ts"
import { type Icecast, startIcecast } from "./contestants/icecast.ts"
import { requireDescriptors } from "./descriptors.ts"
import { numberFrom } from "./number-from.ts"
import { startNode } from "./start-program.ts"
import { type StreamsSystem, startStreamsSystem } from "./streams-system.ts"

const rounds = 3
const seconds = 4
const channel = 801
const leastShare = 0.8
const mostKilobytes = 60
const bareProgram = new URL("contestants/bare-fan-out.ts", import.meta.url)

export const fanOut: Bench = {
  name: "fan-out",
  title: "one channel of 8 Mbit/s to many viewers: beside a bare Node loop, and beside Icecast",
  run: async (report, shared) => {
    const viewers = numberFrom("BENCH_VIEWERS", 1000)
    const field = await shared.open("fan-out", () => openField(viewers))
    try {
      await measure(report, field, viewers)
    } finally {
      await shared.closeOne("fan-out")
    }
  },
}

interface Field extends Opened {
  system: StreamsSystem
  streamer: Contestant
  bare: Contestant
  icecast: Contestant | null
}

async function openField(viewers: number): Promise<Field> {
  const system = await startStreamsSystem({
    provider: [{ id: channel, megabits: 8 }],
    channels: [[channel]],
    // So that nothing runs on while another contestant does.
    environment: { POOL_GRACE: "1s" },
  })
  try {
    const core = system.cores?.server ?? null
    const providerUrl = system.channels[0]?.providerUrl ?? ""
    const port = await freePort()
    const bare = await startNode(bareProgram, core, { PORT: String(port), UPSTREAM: providerUrl })
    system.add(() => bare.close())
    const icecast = await startIcecast(core, await system.folder(), viewers)
    if (icecast !== null) system.add(() => icecast.close())
    for (const { pid } of [{ pid: system.streamer }, bare, ...(icecast === null ? [] : [icecast])])
      requireDescriptors(pid, viewers)
    return {
      system,
      // One ticket serves any number of connections while it lasts: what is measured is not how viewers come.
      streamer: {
        name: "streamer",
        pid: system.streamer,
        begin: async () => [await system.redirect(0)],
        memory: () => system.probe().memory,
      },
      bare: { name: "bare loop", pid: bare.pid, begin: async () => [`http://127.0.0.1:${port}/`] },
      icecast: icecast === null ? null : icecastContestant(icecast, providerUrl),
      close: () => system.close(),
    }
  } catch (error) {
    await system.close()
    throw error
  }
}

function icecastContestant(icecast: Icecast, providerUrl: string): Contestant {
  let stop: () => Promise<void> = async () => undefined
  return {
    name: "Icecast",
    pid: icecast.pid,
    begin: async () => {
      stop = await icecast.feed(providerUrl)
      return [icecast.url]
    },
    end: () => stop(),
  }
}

async function measure(report: Report, field: Field, viewers: number): Promise<void> {
  const { system, streamer, bare, icecast } = field
  report.say(system.note)
  const run = (contestant: Contestant, count: number) =>
    runHeat(contestant, system, { viewers: count, seconds })
  const all = [streamer, bare]
  const alone = new Map<Contestant, Heat>()
  // Before any of them had many viewers, whose memory they may keep.
  for (const contestant of all) alone.set(contestant, await run(contestant, 1))
  const heats = new Map<Contestant, Heat[]>(all.map((contestant) => [contestant, []]))
  for (let round = 0; round < rounds; round++)
    // The other way round each time, so that what changes with time favours nobody.
    for (const contestant of round % 2 === 0 ? [streamer, bare] : [bare, streamer])
      heats.get(contestant)?.push(await run(contestant, viewers))
  for (const contestant of [streamer, bare])
    sayContestant(report, contestant, {
      viewers,
      alone: alone.get(contestant),
      heats: heats.get(contestant) ?? [],
    })
  if (icecast === null) report.row("Icecast", "icecast2 is not installed")
  else await sayIcecast(report, icecast, run, viewers)
  const shares = (heats.get(streamer) ?? []).map(
    (heat, round) =>
      heat.gigabitsPerCoreSecond / (heats.get(bare)?.[round]?.gigabitsPerCoreSecond ?? Number.NaN),
  )
  const share = median(shares)
  report.row(
    "streamer: Gbit per CPU second over the bare loop's, median of the rounds",
    `${figure(share * 100)} % (${shares.map((one) => figure(one * 100)).join(", ")})`,
    `≥ ${leastShare * 100} %`,
    share >= leastShare,
  )
}

/** Once, and again with a tenth of the viewers when it cannot serve them all: that shows what it costs at its best. */
async function sayIcecast(
  report: Report,
  icecast: Contestant,
  run: (contestant: Contestant, viewers: number) => Promise<Heat>,
  viewers: number,
): Promise<void> {
  const alone = await run(icecast, 1)
  const heat = await run(icecast, viewers)
  sayContestant(report, icecast, { viewers, alone, heats: [heat] })
  if (isFull(heat) || viewers < 10) return
  const fewer = Math.floor(viewers / 10)
  sayContestant(report, icecast, { viewers: fewer, alone, heats: [await run(icecast, fewer)] })
}

function sayContestant(
  report: Report,
  { name }: Contestant,
  { viewers, alone, heats }: { viewers: number; alone: Heat | undefined; heats: readonly Heat[] },
): void {
  if (alone === undefined) return
  const cpu = heats.map(({ gigabitsPerCoreSecond }) => gigabitsPerCoreSecond)
  const slowest = heats.reduce((a, b) => (a.megabitsPerSecond.min < b.megabitsPerSecond.min ? a : b))
  const { min, p50 } = slowest.megabitsPerSecond
  report.row(
    `${name}: ${viewers} viewers, Gbit per second of its CPU time`,
    `${figure(median(cpu))} (${cpu.map(figure).join(", ")}), delivering ${figure(median(heats.map((heat) => heat.gigabitsPerSecond)))} Gbit/s with ${figure(median(heats.map((heat) => heat.cpuSeconds / heat.seconds)) * 100)} % of a core`,
  )
  report.row(
    `${name}: the slowest viewer, and the middle one, of the channel's ${figure(slowest.wantedMegabitsPerSecond)} Mbit/s; viewers lost`,
    `${figure(min)}, ${figure(p50)} Mbit/s; ${Math.max(...heats.map(lost))}`,
    "all of it; 0",
    heats.every(isFull),
  )
  if (!heats.every(isFull)) report.row(`${name}: saturated`, sayLimit(slowest))
  const kilobytes = heats.map(({ residentBytes }) => (residentBytes - alone.residentBytes) / viewers / 1000)
  const what = `${name}: resident memory a viewer, without the kernel's buffers (${figure(alone.residentBytes / 1e6)} MB with one)`
  const measured = `${figure(median(kilobytes))} KB (${kilobytes.map(figure).join(", ")})`
  const parts = [alone, ...heats].flatMap(({ memory }) =>
    memory === null ? [] : [`${figure(memory.heapUsed / 1e6)} + ${figure(memory.external / 1e6)}`],
  )
  if (parts.length > 0)
    report.row(`${name}: heap and buffers, with one viewer and then`, `${parts.join(", ")} MB`)
  if (name !== "streamer") report.row(what, measured)
  else report.row(what, measured, `≤ ${mostKilobytes} KB`, median(kilobytes) <= mostKilobytes)
}

function sayLimit({ ownCpuShare, cpuSeconds, seconds: window }: Heat): string {
  const [own, server] = [figure(ownCpuShare * 100), figure((cpuSeconds / window) * 100)]
  return `its process had ${server} % of a core, the load generator ${own} %`
}
