import { join } from "node:path"
import { createClient } from "@redis/client"
import { keys } from "@tributary/shared/store/keys"
import { writeConfig } from "../../e2e/system/config.ts"
import { freePort } from "../../e2e/system/free-ports.ts"
import { fetchPlaylist } from "../../e2e/system/playlist.ts"
import { startSystem } from "../../e2e/system/start-system.ts"
import { readSecrets } from "../../local/config/secrets.ts"
import type { ConnectionReport } from "../../local/demo-provider/connection-ledger.ts"
import { writeTexts } from "../inputs/write-inputs.ts"
import type { Opened } from "../shared.ts"
import { type Started, startAll } from "../system/started.ts"
import { BeatWatch } from "./beat-watch.ts"
import { type BenchChannel, radioIn, radioList, televisionIn } from "./bench-channels.ts"
import { GatewayWatch } from "./gateway-watch.ts"
import { type RedisUse, redisUseIn } from "./redis-use.ts"

/** The whole system as users run it, with one streamer, a list of many channels and an account of one connection. */
export interface AdmissionSystem extends Opened {
  /** Where the edge is. */
  edge: string
  gateway: GatewayWatch
  beats: BeatWatch
  /** Runs something and says what Redis had to do for it. */
  redisDuring: <T>(work: () => Promise<T>) => Promise<RedisUse & { result: T }>
  /** Radio, so that many can play at once; each channel of them is another. */
  radio: readonly BenchChannel[]
  /** With a picture, on the account of one connection. */
  television: readonly BenchChannel[]
  /** A channel's path for one of many viewers, none of whom has a limit. */
  path: (channel: BenchChannel, viewer: number) => string
  /** A channel's path for the viewer who zaps. */
  zapPath: (channel: BenchChannel) => string
  /** How many sessions of theirs the store knows. */
  zapSessions: () => Promise<number>
  /** What the provider saw of their account since it was last asked. */
  zapConnections: () => Promise<{ peak: number; refused: number }>
  /** How many leases of a source have not run out. */
  leasesOf: (source: "list" | "zap") => Promise<number>
}

// More than are opened within a lease's time, so that a channel that comes again is not live any more.
const entries = 20_000
const viewers = 200
const many = { username: "many", password: "secret-of-many" }
const one = { username: "one", password: "secret-of-one" }
const password = "viewers-secret"
const zapper = "zapper"
const patienceMilliseconds = 5_000
const viewerName = (number: number) => `viewer-${number % viewers}`

export function startAdmissionSystem(): Promise<AdmissionSystem> {
  return startAll(start)
}

async function start(started: Started): Promise<AdmissionSystem> {
  const folder = await started.folder()
  const [listPort, demoPort] = [await freePort(), await freePort()]
  const server = `http://127.0.0.1:${demoPort}`
  const account = { server, ...many }
  writeTexts(join(folder, "list"), radioList(entries, account))
  await started.listServer(listPort, folder)
  const accounts = [
    { ...many, maxConnections: 5_000 },
    { ...one, maxConnections: 1 },
  ]
  await started.demoProvider(demoPort, { DEMO_ACCOUNTS: JSON.stringify(accounts) })
  const listUrl = `http://127.0.0.1:${listPort}/list?${new URLSearchParams(many)}`
  const names = [zapper, ...Array.from({ length: viewers }, (_, number) => viewerName(number))]
  const config = await writeConfig(folder, {
    sources: [
      { id: "list", type: "m3u", url: listUrl, ...many },
      { id: "zap", type: "xtream", url: server, ...one, maxStreams: 1, vod: false, series: false },
    ],
    viewers: names.map((username) => ({ username, password })),
  })
  const system = await startSystem({ environment: { CONFIG_FILE: config } })
  started.add(() => system.close())
  const redis = createClient({
    url: `redis://127.0.0.1:${system.ports.redis}`,
    // Else what is asked while Redis is away, or silent, waits for ever.
    disableOfflineQueue: true,
    socket: { socketTimeout: 2 * patienceMilliseconds },
    pingInterval: patienceMilliseconds,
  })
  // It also rejects what it is asked.
  redis.on("error", () => undefined)
  await redis.connect()
  // It closes itself when Redis has become silent.
  started.add(async () => (redis.isOpen ? redis.close() : undefined))
  const { gatewayToken } = await readSecrets(system.dataDir)
  const playlist = await fetchPlaylist(system.playlistUrl)
  const path = ({ id }: BenchChannel, username: string) =>
    `/stream/${id}.ts?${new URLSearchParams({ username, password })}`
  return {
    edge: `http://127.0.0.1:${system.ports.edge}`,
    gateway: new GatewayWatch(system.ports.gateway, gatewayToken),
    beats: new BeatWatch(redis),
    redisDuring: async (work) => {
      await redis.configResetStat()
      const result = await work()
      return { ...redisUseIn(await redis.info("all")), result }
    },
    radio: radioIn(playlist, account),
    television: televisionIn(playlist, account),
    path: (channel, viewer) => path(channel, viewerName(viewer)),
    zapPath: (channel) => path(channel, zapper),
    zapSessions: () => redis.zCard(keys.sessions(zapper)),
    zapConnections: () => connectionsOf(server, one.username),
    // Redis has the clock of this machine.
    leasesOf: (source) => redis.zCount(keys.leases(source), Date.now(), "+inf"),
    close: () => started.close(),
  }
}

/** By the demo provider's own counters, which begin anew. */
async function connectionsOf(server: string, account: string): Promise<{ peak: number; refused: number }> {
  const ask = async (path: string, method: string) => {
    const signal = AbortSignal.timeout(patienceMilliseconds)
    const answer = await fetch(`${server}/control/${path}`, { method, signal })
    return (await answer.json()) as ConnectionReport
  }
  const seen = await ask("connections", "GET")
  await ask("connections/reset-peak", "POST")
  return seen.accounts[account] ?? { peak: 0, refused: 0 }
}
