import { readFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { dirname, join } from "node:path"
import { fileURLToPath } from "node:url"
import { writeConfig } from "../../e2e/system/config.ts"
import { freePort } from "../../e2e/system/free-ports.ts"
import { fetchPlaylist } from "../../e2e/system/playlist.ts"
import { startSystem } from "../../e2e/system/start-system.ts"
import { writeTexts } from "../inputs/write-inputs.ts"
import type { Opened } from "../shared.ts"
import { type Started, startAll } from "../system/started.ts"
import { benchList, channelsIn, type ListedChannel, type StreamChannel } from "./bench-list.ts"
import { type Cores, findCores, moveToCore } from "./cores.ts"
import { ViewerLoad } from "./load/viewer-load.ts"
import type { ProbeReport } from "./process-probe.ts"
import { ProviderWatch } from "./provider-watch.ts"
import { startNode } from "./start-program.ts"

/** The whole system as users run it, a provider of constant rates, and viewers. */
export interface StreamsSystem extends Opened {
  cores: Cores | null
  /** How it is pinned, for the report. */
  note: string
  edge: string
  /** Id of the streamer's process. */
  streamer: number
  provider: ProviderWatch
  load: ViewerLoad
  channels: StreamChannel[]
  /** What the streamer says of itself, up to a second ago. */
  probe: () => ProbeReport
  /** Asks the edge; gives where it sends the viewer, a ticket included, which many connections may use. */
  redirect: (channel: number) => Promise<string>
  ports: { edge: number; redis: number; gateway: number; streamer: number; provider: number }
  /** A folder for the bench, removed in the end. */
  folder: () => Promise<string>
  add: Started["add"]
}

export interface StreamsSystemOptions {
  /** Channels of the provider. */
  provider: { id: number; megabits: number; height?: number }[]
  channels: readonly ListedChannel[]
  viewers?: readonly string[]
  environment?: Record<string, string>
}

export const viewersPassword = "viewers-secret"
const account = { username: "many", password: "secret-of-many", maxConnections: 5_000 }
const providerProgram = new URL("bench-provider.ts", import.meta.url)
const probeProgram = new URL("process-probe.ts", import.meta.url)
const streamerProgram = fileURLToPath(new URL("../../../streamer/src/main.ts", import.meta.url))

export function startStreamsSystem(options: StreamsSystemOptions): Promise<StreamsSystem> {
  return startAll((started) => start(options, started))
}

async function start(options: StreamsSystemOptions, started: Started): Promise<StreamsSystem> {
  const { cores, note } = findCores()
  const others = cores?.others ?? null
  const folder = await started.folder()
  const [listPort, providerPort] = [await freePort(), await freePort()]
  const server = `http://127.0.0.1:${providerPort}`
  const owner = { server, ...account }
  writeTexts(join(folder, "list"), benchList(options.channels, owner))
  await started.listServer(listPort, folder)
  const program = await startNode(providerProgram, others, {
    PORT: String(providerPort),
    ACCOUNT: JSON.stringify(account),
    CHANNELS: JSON.stringify(options.provider),
    // Rendered once for all runs on this machine.
    DATA_DIR: join(tmpdir(), "tributary-demo-loops"),
  })
  started.add(() => program.close())
  const probeFile = join(folder, "probe.json")
  const { username, password } = account
  const listUrl = `http://127.0.0.1:${listPort}/list?${new URLSearchParams({ username, password })}`
  const config = await writeConfig(folder, {
    sources: [{ id: "list", type: "m3u", url: listUrl, username, password }],
    viewers: (options.viewers ?? ["ann"]).map((name) => ({ username: name, password: viewersPassword })),
  })
  const system = await startSystem({
    environment: {
      CONFIG_FILE: config,
      // npm itself is to run on the Node that runs this.
      PATH: `${dirname(process.execPath)}:${process.env.PATH}`,
      NODE_OPTIONS: `--import ${probeProgram.href}`,
      PROBE_FILE: probeFile,
      ...options.environment,
    },
  })
  started.add(() => system.close())
  const [streamer] = await system.processes(streamerProgram)
  if (streamer === undefined) throw new Error("the streamer's process was not found")
  if (cores !== null) {
    for (const pid of await system.processes("")) moveToCore(cores.others, pid)
    moveToCore(cores.server, streamer)
  }
  const load = new ViewerLoad(others)
  started.add(() => load.close())
  const edge = `http://127.0.0.1:${system.ports.edge}`
  const channels = channelsIn(await fetchPlaylist(system.playlistUrl), options.channels, owner)
  const redirect = async (channel: number) => {
    const answer = await fetch(edge + channels[channel]?.path, { redirect: "manual" })
    const location = answer.headers.get("location")
    if (answer.status === 302 && location !== null) return location
    throw new Error(`the edge answered ${answer.status}: ${await answer.text()}`)
  }
  return {
    ...{ cores, note, edge, streamer, load, channels, redirect },
    probe: () => JSON.parse(readFileSync(probeFile, "utf8")) as ProbeReport,
    ports: { ...system.ports, streamer: system.ports.streamers[0] ?? 0, provider: providerPort },
    provider: new ProviderWatch(server),
    folder: () => started.folder(),
    add: (end) => started.add(end),
    close: () => started.close(),
  }
}
