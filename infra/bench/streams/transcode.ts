import { spawn } from "node:child_process"
import { readFileSync } from "node:fs"
import { setTimeout as delay } from "node:timers/promises"
import { processesWith } from "../../e2e/system/find-processes.ts"
import type { Bench } from "../bench.ts"
import { processUse } from "../process-use.ts"
import { figure, type Report } from "../report.ts"
import { median } from "../statistics.ts"
import { type BareTranscode, startBareTranscode } from "./bare-transcode.ts"
import { numberFrom } from "./number-from.ts"
import { type StreamsSystem, startStreamsSystem } from "./streams-system.ts"
import { zapTo } from "./zap-player.ts"

const providerChannel = 901
const profile = "480p"
const crowds = [1, 10, 50]
const overLimit = 0.03
const settleMilliseconds = 3_000

export const transcode: Bench = {
  name: "transcode",
  title: "one channel of 1080p at 8 Mbit/s made 480p, beside a bare ffmpeg with the same arguments",
  run: async (report, shared) => {
    const system = await shared.open("transcode", open)
    try {
      report.say(system.note)
      const live = await system.redirect(0)
      // The live stream runs throughout: what it costs without a transcode is known then.
      await system.load.open([live], 1)
      const small = await address(system)
      await sayFirstBytes(report, system)
      await sayCpu(report, system, small)
      await sayCrowds(report, system, small)
    } finally {
      await shared.closeOne("transcode")
    }
  },
}

function open(): Promise<StreamsSystem> {
  return startStreamsSystem({
    provider: [{ id: providerChannel, megabits: 8, height: 1080 }],
    channels: [[providerChannel]],
    environment: { POOL_GRACE: "100ms" },
  })
}

const clickOf = (system: StreamsSystem) => `${system.edge}${system.channels[0]?.path}&profile=${profile}`

/** Where the edge sends a viewer of the transcode. */
async function address(system: StreamsSystem): Promise<string> {
  const answer = await fetch(clickOf(system), { redirect: "manual" })
  const location = answer.headers.get("location")
  if (location === null) throw new Error(`the edge answered ${answer.status}`)
  return location
}

// No command has a zero byte in it: the environment alone tells whose it is.
const ffmpegsOf = ({ ports }: StreamsSystem) =>
  processesWith(`STREAMER_PORT=${ports.streamer}`, "\0", "ffmpeg")

/** The ffmpeg of the streamer; throws when there is not exactly one. */
async function transcoding(system: StreamsSystem): Promise<{ pid: number; args: string[] }> {
  const found = await ffmpegsOf(system)
  const [pid] = found
  if (pid === undefined || found.length > 1) throw new Error(`${found.length} ffmpegs run at the streamer`)
  const [, ...args] = readFileSync(`/proc/${pid}/cmdline`, "utf8").split("\0").slice(0, -1)
  return { pid, args }
}

async function ended(system: StreamsSystem): Promise<void> {
  for (let look = 0; look < 100; look++) {
    if ((await ffmpegsOf(system)).length === 0) return
    await delay(100)
  }
  throw new Error("a transcode outlives its viewers")
}

/** From the start of each to its first byte; the live stream runs, as it does behind a pooled transcode. */
async function sayFirstBytes(report: Report, system: StreamsSystem): Promise<void> {
  const rounds = numberFrom("BENCH_STARTS", 7)
  const ours: number[] = []
  const same: number[] = []
  const probing: number[] = []
  for (let round = 0; round < rounds; round++) {
    const zapped = zapTo(clickOf(system))
    const args = await argumentsSoon(system)
    ours.push((await zapped).videoMs)
    await ended(system)
    same.push(await firstByte(system, args))
    probing.push(await firstByte(system, withoutProbing(args)))
  }
  const [our, bare, slow] = [median(ours), median(same), median(probing)]
  report.row(
    "click to first byte of the picture, of a live stream that runs",
    `${figure(our)} ms`,
    "≤ 1000 ms",
    our <= 1_000,
  )
  report.row("a bare ffmpeg with the same arguments, at the provider: first byte", `${figure(bare)} ms`)
  report.row("a bare ffmpeg that probes as it does by default: first byte", `${figure(slow)} ms`)
}

async function argumentsSoon(system: StreamsSystem): Promise<string[]> {
  for (let look = 0; look < 200; look++) {
    const found = await transcoding(system).catch(() => null)
    if (found !== null) return found.args
    await delay(10)
  }
  throw new Error("no ffmpeg was started for a transcode")
}

/** The same without what is said of probing. */
function withoutProbing(args: readonly string[]): string[] {
  return args.filter((_, at) => !isProbing(args[at]) && !isProbing(args[at - 1]))
}

const isProbing = (word: string | undefined) => word === "-probesize" || word === "-analyzeduration"

async function firstByte(system: StreamsSystem, args: readonly string[]): Promise<number> {
  const bare = startBare(system, args)
  try {
    return await bare.firstByteMilliseconds
  } finally {
    await bare.close()
  }
}

function startBare(system: StreamsSystem, args: readonly string[]): BareTranscode {
  const url = system.channels[0]?.providerUrl ?? ""
  return startBareTranscode({ args, url, core: system.cores?.server ?? null, spawn })
}

/** CPU time of both in turn, over the same number of seconds. */
async function sayCpu(report: Report, system: StreamsSystem, small: string): Promise<void> {
  const seconds = numberFrom("BENCH_SECONDS", 15)
  const rounds = numberFrom("BENCH_ROUNDS", 3)
  const ofProcess: number[] = []
  const ofStreamer: number[] = []
  const ofBare: number[] = []
  for (let round = 0; round < rounds; round++) {
    const alone = await cpuOf([system.streamer], seconds)
    await system.load.open([small], 1)
    const { pid, args } = await transcoding(system)
    await delay(settleMilliseconds)
    const [process = 0, streamer = 0] = await cpuOf([pid, system.streamer], seconds)
    ofProcess.push(process)
    ofStreamer.push(streamer - (alone[0] ?? 0))
    await system.load.leave()
    await system.load.open([await system.redirect(0)], 1)
    await ended(system)
    const bare = startBare(system, args)
    await bare.firstByteMilliseconds
    await delay(settleMilliseconds)
    ofBare.push((await cpuOf([bare.pid], seconds))[0] ?? 0)
    await bare.close()
  }
  const [process, streamer, bare] = [median(ofProcess), median(ofStreamer), median(ofBare)]
  const share = (cpuSeconds: number) => `${figure((100 * cpuSeconds) / seconds)} %`
  report.row(
    "CPU of a core: ffmpeg of a transcode; what it adds to the streamer; a bare ffmpeg",
    [process, streamer, bare].map(share).join("; "),
  )
  const over = (process + streamer) / bare - 1
  report.row(
    "a transcode with its part of the streamer, over the bare ffmpeg",
    `${figure(100 * over)} %`,
    "≤ 3 %",
    over <= overLimit,
  )
}

/** Seconds of CPU time that each process takes from now on. */
async function cpuOf(pids: readonly number[], seconds: number): Promise<number[]> {
  const before = pids.map((pid) => processUse(pid).cpuSeconds)
  await delay(seconds * 1_000)
  return pids.map((pid, at) => processUse(pid).cpuSeconds - (before[at] ?? 0))
}

/** More viewers of the one transcode. */
async function sayCrowds(report: Report, system: StreamsSystem, small: string): Promise<void> {
  let viewers = 0
  await system.load.leave()
  for (const crowd of crowds) {
    await system.load.open([small], crowd - viewers)
    viewers = crowd
    const { pid } = await transcoding(system)
    await delay(settleMilliseconds)
    const [process = 0, streamer = 0] = await cpuOf([pid, system.streamer], 5)
    const { closed, megabitsPerSecond } = await system.load.measure(2)
    report.row(
      `${crowd} viewers of one transcode: CPU of a core of ffmpeg, of the streamer; the slowest; lost`,
      `${figure(20 * process)} %, ${figure(20 * streamer)} %; ${figure(megabitsPerSecond.min)} Mbit/s; ${closed}`,
    )
  }
}
