// An hour of viewers who come, go and are slow, and of a provider that breaks: does memory stay flat, and is anything
// left in the end? By hand, as it takes as long as it is told to:
//   node infra/bench/streams/soak.ts --minutes 60 --viewers 200 [--seed 1]
// Prints a JSON line a minute and one of the whole in the end; exits 0 when nothing was left, whatever the memory did.
import { setTimeout as delay } from "node:timers/promises"
import { parseArgs } from "node:util"
import { median } from "../statistics.ts"
import { moveToCore } from "./cores.ts"
import { Breakages } from "./soak/breakages.ts"
import { slopePerHour } from "./soak/least-squares.ts"
import { leftovers, mostOf, storeConnections } from "./soak/leftovers.ts"
import { type Look, type Looker, openLooker } from "./soak/look.ts"
import { SoakViewers } from "./soak/soak-viewers.ts"
import { watch } from "./soak/watch.ts"
import { type StreamsSystem, startStreamsSystem, viewersPassword } from "./streams-system.ts"

const sampleSeconds = 10
const samplesPerLine = 6
// Caches fill, code is compiled: what memory does until then says nothing of the hour.
const warmUpShare = 1 / 6
const baselineSeconds = 15
const longestEndSeconds = 90

// Each channel has two feeds, so that one of them may break.
const channels = [
  { megabits: 8, feeds: [801, 802] },
  { megabits: 8, feeds: [803, 804] },
  { megabits: 2, feeds: [811, 812] },
  { megabits: 2, feeds: [813, 814] },
  { megabits: 2, feeds: [815, 816] },
  { megabits: 2, feeds: [817, 818] },
]
const feeds = channels.flatMap(({ megabits, feeds }) => feeds.map((id) => ({ id, megabits })))

const print = (value: unknown) => console.log(JSON.stringify(value))
const megabytes = (bytes: number) => Math.round(bytes / 1e5) / 10
const rounded = (value: number) => Math.round(value * 100) / 100

const { values } = parseArgs({
  options: {
    minutes: { type: "string", default: "60" },
    viewers: { type: "string", default: "200" },
    seed: { type: "string", default: "1" },
  },
})
const [minutes, viewers, seed] = [values.minutes, values.viewers, values.seed].map(Number) as [
  number,
  number,
  number,
]
if (!(minutes > 0 && Number.isInteger(viewers) && viewers > 0 && Number.isInteger(seed))) {
  console.error("soak.ts --minutes 60 --viewers 200 [--seed 1]")
  process.exit(2)
}

const names = Array.from({ length: viewers }, (_, viewer) => `viewer-${viewer}`)
const stopping = new AbortController()
for (const signal of ["SIGINT", "SIGTERM"] as const) process.once(signal, () => stopping.abort())
const system = await startStreamsSystem({
  provider: feeds,
  channels: channels.map(({ feeds }) => feeds),
  viewers: names,
})
try {
  console.error(system.note)
  if (system.cores !== null) moveToCore(system.cores.others, process.pid)
  const looker = await openLooker(system, names)
  system.add(() => looker.close())
  const left = await soak(system, looker)
  process.exitCode = Object.keys(left).length === 0 ? 0 : 1
} finally {
  await system.close()
}

async function soak(opened: StreamsSystem, looker: Looker): Promise<Record<string, number>> {
  const url = (channel: number, viewer: number) => addressOf(opened, channel, names[viewer] ?? "")
  await playOnce(url)
  await eventuallyLeft(looker, { leases: 0, sessions: 0, connections: 0, liveRecords: 0 })
  const before = await looksFor(looker, baselineSeconds)
  const baseline = mostOf(before)
  const crowd = new SoakViewers({ viewers, seed, channels, url })
  const breakages = new Breakages(opened.provider)
  crowd.start()
  breakages.start(
    feeds.map(({ id }) => id),
    seed,
  )
  const looks = await sample(looker, crowd, breakages)
  await breakages.stop()
  await crowd.stop()
  const { left, after } = await eventuallyLeft(looker, baseline)
  const settled = looks.filter(({ at }) => at >= minutes * 60 * warmUpShare)
  const slope = (take: (look: Look) => number) =>
    rounded(slopePerHour(settled.map(({ at, look }) => ({ at, value: take(look) }))) / 1e6)
  const range = (take: (look: Look) => number) => {
    const all = settled.map(({ look }) => megabytes(take(look)))
    return { least: Math.min(...all), median: rounded(median(all)), most: Math.max(...all) }
  }
  print({
    soak: { minutes: rounded((looks.at(-1)?.at ?? 0) / 60), viewers, seed },
    megabytes: {
      resident: {
        before: megabytes(before.at(-1)?.residentBytes ?? 0),
        ...range((look) => look.residentBytes),
      },
      heap: range((look) => look.heapUsedBytes),
      external: range((look) => look.externalBytes),
    },
    megabytesPerHour: {
      resident: slope((look) => look.residentBytes),
      heap: slope((look) => look.heapUsedBytes),
      external: slope((look) => look.externalBytes),
    },
    ...crowdReport(crowd, breakages),
    storeConnections: {
      before: storeConnections(before.at(-1) ?? after),
      most: Math.max(...looks.map(({ look }) => storeConnections(look))),
      after: storeConnections(after),
    },
    before: { ...baseline, socketPeers: before.at(-1)?.socketPeers },
    after: { ...mostOf([after]), socketPeers: after.socketPeers },
    left,
  })
  return left
}

/** Until the time is over or somebody stops it. */
async function sample(looker: Looker, crowd: SoakViewers, breakages: Breakages) {
  const looks: { at: number; look: Look }[] = []
  const from = performance.now()
  for (let next = sampleSeconds; next <= minutes * 60; next += sampleSeconds) {
    const wait = from + next * 1000 - performance.now()
    await delay(Math.max(0, wait), undefined, { signal: stopping.signal }).catch(() => undefined)
    if (stopping.signal.aborted) break
    const look = await looker.look().catch((error: unknown) => {
      console.error(`second ${next} could not be looked at: ${String(error)}`)
      return null
    })
    if (look === null) continue
    looks.push({ at: next, look })
    if (looks.length % samplesPerLine === 0)
      print({
        minute: rounded(next / 60),
        residentMegabytes: megabytes(look.residentBytes),
        heapMegabytes: megabytes(look.heapUsedBytes),
        externalMegabytes: megabytes(look.externalBytes),
        cpuSeconds: look.cpuSeconds,
        ...mostOf([look]),
        socketPeers: look.socketPeers,
        playing: crowd.playing,
        ...crowdReport(crowd, breakages),
      })
  }
  return looks
}

function crowdReport({ opened, bytes, endings, strict }: SoakViewers, { counts }: Breakages) {
  return {
    opened,
    gigabytes: rounded(bytes / 1e9),
    endings: Object.fromEntries([...endings].toSorted(([a], [b]) => (a < b ? -1 : 1))),
    strict,
    breakages: counts,
  }
}

/** Each channel once, so that what is loaded or connected with the first viewer is there before the first look. */
async function playOnce(url: (channel: number, viewer: number) => string): Promise<void> {
  const players = channels.map((_, channel) => watch(url(channel, 0)))
  await delay(5_000)
  for (const player of players) {
    if (player.bytes() === 0)
      throw new Error(`a channel does not play: ${await Promise.race([player.ended, "silent"])}`)
    await player.close()
  }
}

async function looksFor(looker: Looker, seconds: number): Promise<Look[]> {
  const looks: Look[] = []
  for (let second = 0; second < seconds; second++) {
    await delay(1_000)
    looks.push(await looker.look())
  }
  return looks
}

/** Waits until there is no more of anything than before; gives what is left when that takes too long. */
async function eventuallyLeft(
  looker: Looker,
  before: Readonly<Record<string, number>>,
): Promise<{ left: Record<string, number>; after: Look }> {
  const deadline = performance.now() + longestEndSeconds * 1000
  while (true) {
    const after = await looker.look()
    const named = Object.entries(leftovers(before, after)).filter(([name]) => name in before)
    if (named.length === 0 || performance.now() > deadline) return { left: Object.fromEntries(named), after }
    await delay(1_000)
  }
}

function addressOf({ edge, channels: known }: StreamsSystem, channel: number, username: string): string {
  const url = new URL(edge + known[channel]?.path)
  url.searchParams.set("username", username)
  url.searchParams.set("password", viewersPassword)
  return url.href
}
