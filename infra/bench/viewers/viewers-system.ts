import { join } from "node:path"
import { writeConfig } from "../../e2e/system/config.ts"
import { freePort } from "../../e2e/system/free-ports.ts"
import { fetchPlaylist } from "../../e2e/system/playlist.ts"
import { startSystem } from "../../e2e/system/start-system.ts"
import { radioIn, radioList } from "../admission/bench-channels.ts"
import { writeTexts } from "../inputs/write-inputs.ts"
import { xmltvChannel, xmltvProgramme } from "../inputs/xmltv-programme.ts"
import type { Opened } from "../shared.ts"
import { type Started, startAll } from "../system/started.ts"
import { edgeProcess } from "../system/worker-process.ts"

/** The whole system as users run it, with one streamer, a list with a guide, and many viewers. */
export interface ViewersSystem extends Opened {
  /** Where the edge is. */
  edge: string
  /** The process that runs the edge. */
  edgePid: number
  /** Ids of the list's channels. */
  channels: readonly string[]
  /** A path of the edge with the credentials of one of the viewers. */
  path: (viewer: number, path: string, query?: Record<string, string>) => string
}

export const viewerCount = 1_000
/** Of the source. Channels beyond it are refused while others play. */
export const connectionLimit = 150
const listed = 500
const programmesEach = 24
const account = { username: "many", password: "secret-of-many" }
const password = "viewers-secret"

export function startViewersSystem(): Promise<ViewersSystem> {
  return startAll(start)
}

async function start(started: Started): Promise<ViewersSystem> {
  const folder = await started.folder()
  const [listPort, demoPort] = [await freePort(), await freePort()]
  const owner = { server: `http://127.0.0.1:${demoPort}`, ...account }
  writeTexts(join(folder, "list"), radioList(listed, owner))
  writeTexts(join(folder, "guide"), radioGuide(Math.floor(Date.now() / 1000)))
  await started.listServer(listPort, folder)
  const accounts = JSON.stringify([{ ...account, maxConnections: connectionLimit }])
  await started.demoProvider(demoPort, { DEMO_ACCOUNTS: accounts })
  const lists = `http://127.0.0.1:${listPort}`
  const config = await writeConfig(folder, {
    sources: [
      {
        ...{ id: "list", type: "m3u", url: `${lists}/list`, epgUrl: `${lists}/guide` },
        ...{ ...account, maxStreams: connectionLimit },
      },
    ],
    viewers: Array.from({ length: viewerCount }, (_, viewer) => ({
      ...{ username: nameOf(viewer), password, maxStreams: 1 },
    })),
  })
  const system = await startSystem({ environment: { CONFIG_FILE: config } })
  started.add(() => system.close())
  const edge = `http://127.0.0.1:${system.ports.edge}`
  const path: ViewersSystem["path"] = (viewer, at, query = {}) =>
    `${at}?${new URLSearchParams({ username: nameOf(viewer), password, ...query })}`
  const channels = radioIn(await fetchPlaylist(edge + path(0, "/playlist.m3u8")), owner)
  return {
    ...{ edge, path, edgePid: await edgeProcess(system), channels: channels.map(({ id }) => id) },
    close: () => started.close(),
  }
}

const nameOf = (viewer: number) => `viewer-${viewer}`

/** Half a day of the channels of `radioList`, by their `tvg-id`. */
function* radioGuide(now: number): Generator<string> {
  const numbers = Array.from({ length: listed }, (_, index) => index + 1)
  yield '<?xml version="1.0" encoding="UTF-8"?>\n<tv>\n'
  for (const number of numbers) yield xmltvChannel(`radio.${number}`, `Bench radio ${number}`)
  for (const number of numbers)
    for (let at = 0; at < programmesEach; at++)
      yield xmltvProgramme(`radio.${number}`, number * programmesEach + at, now + at * 1800)
  yield "</tv>\n"
}
