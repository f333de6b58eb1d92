import type { Bench } from "../bench.ts"
import { processUse, watchProcess } from "../process-use.ts"
import { figure, type Report } from "../report.ts"
import { median } from "../statistics.ts"
import { type Download, type DownloadOptions, download } from "../system/download.ts"
import { type ListCatalogue, listCatalogue } from "../system/list-catalogue.ts"
import { edgeProcess } from "../system/worker-process.ts"

const large = 1_000_000
const small = 100_000
const mostFirstByteMs = 100
const workerMegabytes = 128
const most304Ms = 1
const firstByteRounds = 20
const playlistRounds = 5
const smallRequests = 500
const slow = { bytesPerSecond: 500_000, seconds: 10 }

export const serve: Bench = {
  name: "serve",
  title: "playlists from the edge in workerd",
  run: async (report, shared) => {
    const million = await listCatalogue(shared, large)
    await sayMemory(report, million)
    await sayFirstBytes(report, million)
    const hundredThousand = await listCatalogue(shared, small)
    await sayCpu(report, hundredThousand)
  },
}

const encodings = [
  ["identity", false],
  ["gzip", true],
] as const

const title = (entries: number) => `${entries.toLocaleString("en")} entries`

async function sayFirstBytes(report: Report, { viewerUrl }: ListCatalogue): Promise<void> {
  const url = viewerUrl("/playlist.m3u8")
  for (const [name, gzip] of encodings) {
    // What the edge keeps of a snapshot is there from now on.
    const whole = await good(url, { gzip })
    const times: number[] = []
    for (let round = 0; round < firstByteRounds; round++)
      times.push((await good(url, { gzip, until: "first byte" })).firstByteMs)
    const what = `${title(large)}, ${name}`
    report.atMost(`${what}: first byte, warm, median`, median(times), mostFirstByteMs, "ms")
    report.row(`${what}: first byte, warm, worst of ${firstByteRounds}`, `${figure(Math.max(...times))} ms`)
    report.row(`${what}: whole`, `${figure(whole.bytes / 1e6)} MB in ${figure(whole.totalMs / 1000)} s`)
  }
}

/** How far workerd grows while it serves. A Worker's bound is for its heap; this is a process with R2 in it. */
async function sayMemory(report: Report, { system, viewerUrl }: ListCatalogue): Promise<void> {
  const pid = await edgeProcess(system)
  const url = viewerUrl("/playlist.m3u8")
  const before = processUse(pid).residentBytes
  report.row("workerd, local R2 and cache included: resident before", `${figure(before / 1e6)} MB`)
  const clients: [string, number, DownloadOptions][] = encodings.flatMap(([name, gzip]) => [
    [`1 client, ${name}`, 1, { gzip }],
    [`4 clients, ${name}`, 4, { gzip }],
    [`4 slow clients, ${name}`, 4, { gzip, slow }],
  ])
  for (const [name, count, options] of clients) {
    const { grownBytes } = await watchProcess(pid, () =>
      Promise.all(Array.from({ length: count }, () => good(url, options))),
    )
    const what = `workerd: growth while it serves ${title(large)} to ${name}`
    report.atMost(what, grownBytes / 1e6, workerMegabytes, "MB")
  }
}

/** CPU time of the process that runs the edge, R2 and cache, per request. */
async function sayCpu(report: Report, { system, viewerUrl }: ListCatalogue): Promise<void> {
  const pid = await edgeProcess(system)
  const playlist = viewerUrl("/playlist.m3u8")
  const cost = async (url: string, requests: number, options: DownloadOptions, status = 200) => {
    const one = () => good(url, options, status)
    // Not the first ones: code is compiled, and pieces come into the cache.
    for (let warm = 0; warm < Math.max(2, requests / 5); warm++) await one()
    const { cpuSeconds } = await watchProcess(pid, async () => {
      for (let done = 0; done < requests; done++) await one()
    })
    return (cpuSeconds * 1000) / requests
  }
  const floor = await cost(`${system.baseUrl}/nothing/here`, smallRequests, {}, 404)
  const say = (what: string, ms: number) =>
    report.row(`CPU time of the edge: ${what}`, `${figure(ms - floor)} ms`)
  report.row("CPU time of workerd for a 404, taken off below", `${figure(floor)} ms`)
  for (const [name, gzip] of encodings)
    say(`playlist of ${title(small)}, ${name}`, await cost(playlist, playlistRounds, { gzip }))
  const list = viewerUrl("/player_api.php", { action: "get_live_streams" })
  for (const [name, gzip] of encodings)
    say(`get_live_streams of ${title(small)}, ${name}`, await cost(list, playlistRounds, { gzip }))
  say("/health", await cost(`${system.baseUrl}/health`, smallRequests, {}))
  const { etag = "" } = await good(playlist, { until: "first byte" })
  const unchanged = await cost(playlist, smallRequests, { headers: { "if-none-match": etag } }, 304)
  report.atMost("CPU time of the edge: a 304", unchanged - floor, most304Ms, "ms")
}

/** Throws when it is another answer. */
async function good(url: string, options: DownloadOptions, status = 200): Promise<Download> {
  const answer = await download(url, options)
  if (answer.status !== status) throw new Error(`answered ${answer.status} in place of ${status}`)
  return answer
}
