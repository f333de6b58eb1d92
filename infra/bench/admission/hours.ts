import { figure, type Report } from "../report.ts"
import type { AdmissionSystem } from "./admission-system.ts"
import { commandList, difference } from "./gateway-watch.ts"
import type { RadioPlayers } from "./radio-players.ts"

const mostPerHour = 1_500
// A minute, and in it one call of the edge's cron, which asks Redis whatever runs.
const beatsWatched = 12

/** What so many live streams cost while nobody comes or goes. */
export async function sayHour(
  report: Report,
  { gateway, beats, redisDuring }: AdmissionSystem,
  players: RadioPlayers,
  streams: number,
): Promise<void> {
  await players.growTo(streams)
  // That heartbeat tells who came; what is counted begins after it.
  await beats.next()
  const { result: counted, playing } = await players.playingDuring(() =>
    gateway.during(() => redisDuring(() => beats.next(beatsWatched))),
  )
  const what = `${streams} live ${streams === 1 ? "stream" : "streams"}`
  const title = `Redis commands per streamer and hour, ${what}`
  const perHour = 3600 / counted.seconds
  report.atMost(title, counted.commands * perHour, mostPerHour, "commands")
  const beside = difference({ ...counted, byCommand: { EVALSHA: beatsWatched } }, counted)
  report.row(
    `${what}: heartbeats alone, and what else came in ${figure(counted.seconds)} s`,
    `${figure(beatsWatched * perHour)}; ${commandList(beside)}`,
  )
  const { inputBytes, commands } = counted.result
  const milliseconds = (commands.get("evalsha")?.microseconds ?? Number.NaN) / beatsWatched / 1000
  report.row(
    `${what}: a heartbeat, about`,
    `${figure(inputBytes / beatsWatched / 1000)} KB to Redis, which takes ${figure(milliseconds)} ms`,
  )
  report.row(`${what}: players that go on getting bytes`, `${playing}`, `${streams}`, playing === streams)
}
