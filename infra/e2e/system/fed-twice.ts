import { mkdtemp, rm } from "node:fs/promises"
import { tmpdir } from "node:os"
import { join } from "node:path"
import type { DemoProvider } from "../../local/demo-provider/start-demo-provider.ts"
import { writeConfig } from "./config.ts"
import { startTestProvider } from "./demo.ts"
import { entryNamed, fetchPlaylist, type PlaylistEntry } from "./playlist.ts"
import { type System, startSystem } from "./start-system.ts"

const first = { username: "panel-user-1", password: "s3cret-pw-1" }
const second = { username: "panel-user-2", password: "s3cret-pw-2" }

/** Two streamers, and a provider with two accounts of three connections: each channel has a feed of both. */
export interface FedTwice {
  provider: DemoProvider
  system: System
  /** Of the viewer `ann`, whose password is `a`. */
  entries: PlaylistEntry[]
  /** The account of the source `acme`, which is tried first. */
  first: { username: string; password: string }
  /** What nobody may be told: the provider's host, and its logins. */
  secrets: string[]
  channelId: (name: string) => string
  close: () => Promise<void>
}

/** Streams end two seconds after their last viewer; `environment` says what else is set. */
export async function startFedTwice(environment: Record<string, string>): Promise<FedTwice> {
  const folder = await mkdtemp(join(tmpdir(), "tributary-fed-twice-"))
  const provider = await startTestProvider({
    accounts: [
      { ...first, maxConnections: 3 },
      { ...second, maxConnections: 3 },
    ],
  })
  const config = await writeConfig(folder, {
    sources: [
      { id: "acme", name: "Acme TV", type: "xtream", url: provider.url, ...first, order: 1 },
      { id: "backup", type: "xtream", url: provider.url, ...second, order: 2 },
    ],
    viewers: [{ username: "ann", password: "a" }],
  })
  const system = await startSystem({
    streamers: 2,
    environment: { CONFIG_FILE: config, POOL_GRACE: "2s", ...environment },
  })
  const entries = await fetchPlaylist(system.playlistUrl)
  return {
    ...{ provider, system, entries, first },
    secrets: [new URL(provider.url).host, ...Object.values(first), ...Object.values(second)],
    channelId: (name) => /stream\/(\d+)/.exec(entryNamed(entries, name).url)?.[1] ?? "",
    close: async () => {
      await system.close()
      await provider.close()
      await rm(folder, { recursive: true, force: true })
    },
  }
}
