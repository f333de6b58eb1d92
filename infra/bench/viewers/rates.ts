import { eventually } from "../../e2e/system/eventually.ts"
import { openBarePlayer } from "../admission/bare-player.ts"
import { type LoadOptions, load } from "../admission/load.ts"
import { figure, type Report } from "../report.ts"
import { quantile } from "../statistics.ts"
import { download } from "../system/download.ts"
import { type ViewersSystem, viewerCount } from "./viewers-system.ts"

type Asked = Pick<LoadOptions, "path" | "status" | "headers">

const warmRequests = 100
const warmSeconds = 5
const patienceMilliseconds = 20_000
const loads = [
  { concurrency: 1, seconds: 3 },
  { concurrency: 16, seconds: 5 },
] as const

/** How fast the edge answers what players ask most, each for another viewer, one kind at a time. */
export async function sayRates(report: Report, system: ViewersSystem): Promise<void> {
  const { edge, path, channels } = system
  const [live = ""] = channels
  // The last of them has the channel play, and is at their limit; those before are asked for.
  const watcher = viewerCount - 1
  const playlist = (number: number) => path(number % watcher, "/playlist.m3u8")
  const { etag = "" } = await download(edge + playlist(0))
  const api = (query?: Record<string, string>) => (number: number) =>
    path(number % watcher, "/player_api.php", query)
  const channel = `/stream/${live}.ts`
  const redirect = (number: number) => path(number % watcher, channel)
  const kinds: [string, Asked][] = [
    ["playlist (warm)", { path: playlist, status: 200 }],
    // An answer belongs to who asked for it: one viewer's is not another's.
    ["playlist, 304", { path: () => playlist(0), status: 304, headers: { "if-none-match": etag } }],
    ["player_api, login", { path: api(), status: 200 }],
    ["player_api, get_live_streams", { path: api({ action: "get_live_streams" }), status: 200 }],
    ["redirect, to a channel that plays", { path: redirect, status: 302 }],
  ]
  // The watcher's last session may have ended just now.
  const player = await eventually(
    () => openBarePlayer(edge + path(watcher, channel)).catch(() => null),
    (opened) => opened !== null,
    patienceMilliseconds,
  )
  try {
    for (const [what, asked] of kinds) {
      await load(edge, { concurrency: 4, seconds: warmSeconds, requests: warmRequests, ...asked })
      for (const { concurrency, seconds } of loads) {
        const done = await load(edge, { concurrency, seconds, ...asked })
        const [p50, p99] = [quantile(done.milliseconds, 0.5), quantile(done.milliseconds, 0.99)]
        report.row(
          `${what}, ${concurrency} at once`,
          `${figure(done.perSecond)} a second, p50 ${figure(p50)} ms, p99 ${figure(p99)} ms`,
        )
        if (done.others > 0)
          report.row(`${what}, ${concurrency} at once: answered otherwise`, `${done.others}`, "0", false)
      }
    }
  } finally {
    await player?.close()
  }
}
