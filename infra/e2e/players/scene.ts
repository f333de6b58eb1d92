import { mkdtemp, rm } from "node:fs/promises"
import { tmpdir } from "node:os"
import { join } from "node:path"
import type { DemoProvider } from "../../local/demo-provider/start-demo-provider.ts"
import { writeConfig } from "../system/config.ts"
import { startTestProvider } from "../system/demo.ts"
import { eventually } from "../system/eventually.ts"
import { entryNamed, fetchPlaylist, type PlaylistEntry } from "../system/playlist.ts"
import { type System, startSystem } from "../system/start-system.ts"
import type { Findings } from "./findings.ts"
import { Programs } from "./programs.ts"

/** What the players play: the whole system, and behind it a provider whose only account has one connection. */
export interface Scene {
  /** For what a player writes. Removed in the end, as what is started here is ended. */
  folder: string
  programs: Programs
  /** With a viewer's credentials. */
  address: (path: string, query?: Record<string, string>) => string
  /** A channel's address in the playlist. */
  link: (channel: string, output: "ts" | "m3u8") => Promise<string>
  /** The viewer's playlist, films included. */
  entries: () => Promise<PlaylistEntry[]>
  /** Waits until nobody holds the provider's connection, and counts anew. */
  clear: () => Promise<void>
  /** What the provider has counted since then. */
  connections: () => { peak: number; opened: number; refused: number }
  close: () => Promise<void>
}

/** A channel with a picture, and another one. */
export const [news, cinema] = ["Tributary News HD", "Fractal Cinema"]
const viewer = { username: "ann", password: "viewers-secret" }
const account = { username: "one", password: "s3cret-pw", maxConnections: 1 }
// The grace in which a stream outlives its last viewer, and what HLS players are waited for, with room.
const idleMilliseconds = 60_000

/** Starts everything on free ports of loopback; what runs already is ended when a part of it does not start. */
export async function startScene(): Promise<Scene> {
  const folder = await mkdtemp(join(tmpdir(), "tributary-players-"))
  const provider = await startTestProvider({ accounts: [account] })
  const { username, password } = account
  const config = await writeConfig(folder, {
    sources: [{ id: "acme", type: "xtream", url: provider.url, username, password }],
    viewers: [viewer],
  })
  try {
    const system = await startSystem({ environment: { CONFIG_FILE: config } })
    return sceneOf(provider, system, folder)
  } catch (error) {
    await provider.close()
    await rm(folder, { recursive: true, force: true })
    throw error
  }
}

function sceneOf(provider: DemoProvider, system: System, folder: string): Scene {
  const programs = new Programs()
  const address: Scene["address"] = (path, query = {}) =>
    `${system.baseUrl}${path}?${new URLSearchParams({ ...viewer, ...query })}`
  const tally = () =>
    provider.connections().accounts[account.username] ?? { active: 0, peak: 0, opened: 0, refused: 0 }
  return {
    folder,
    programs,
    address,
    link: async (channel, output) =>
      entryNamed(await fetchPlaylist(address("/playlist.m3u8", { output })), channel).url,
    entries: () => fetchPlaylist(address("/playlist.m3u8")),
    async clear() {
      await eventually(tally, ({ active }) => active === 0, idleMilliseconds)
      provider.resetPeak()
    },
    connections: tally,
    async close() {
      await programs.close()
      await system.close()
      await provider.close()
      await rm(folder, { recursive: true, force: true })
    },
  }
}

/** That however the player changed channels, the account never had more than its one connection. */
export function sayConnections(scene: Scene, findings: Findings): void {
  const { peak, opened, refused } = scene.connections()
  findings.note("connections that the provider opened, one after the other", opened)
  findings.same("connections at once, and refused, as the provider counts", `${peak}, ${refused}`, "1, 0")
}
