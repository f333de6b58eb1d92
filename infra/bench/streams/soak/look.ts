import { readdirSync, readFileSync, readlinkSync } from "node:fs"
import { createClient } from "@redis/client"
import { keys } from "@tributary/shared/store/keys"
import { processUse } from "../../process-use.ts"
import type { Opened } from "../../shared.ts"
import type { StreamsSystem } from "../streams-system.ts"
import { countPeers, socketsIn } from "./socket-peers.ts"

/** What a soak sees of the system at one moment. */
export interface Look {
  residentBytes: number
  heapUsedBytes: number
  /** Memory of buffers, which is not in the heap. */
  externalBytes: number
  cpuSeconds: number
  sockets: number
  /** The same ones, by whom they lead to. */
  socketPeers: Record<string, number>
  /** Open files, pipes and the like. */
  otherDescriptors: number
  /** What the streamer's process waits for, timers and sockets among it, by Node's names. */
  resources: Record<string, number>
  leases: number
  sessions: number
  liveRecords: number
  /** At the provider. */
  connections: number
}

export interface Looker extends Opened {
  look: () => Promise<Look>
}

export async function openLooker(
  { streamer, ports, provider, probe }: StreamsSystem,
  viewers: readonly string[],
): Promise<Looker> {
  const redis = createClient({ url: `redis://127.0.0.1:${ports.redis}` })
  // It also rejects what it is asked.
  redis.on("error", () => undefined)
  await redis.connect()
  const look = async (): Promise<Look> => {
    const now = Date.now()
    const sessions = await Promise.all(
      viewers.map((username) => redis.zCount(keys.sessions(username), now, "+inf")),
    )
    const { accounts } = await provider.connections()
    const { residentBytes, cpuSeconds } = processUse(streamer)
    const { memory, resources } = probe()
    return {
      residentBytes,
      heapUsedBytes: memory.heapUsed,
      externalBytes: memory.external,
      cpuSeconds,
      ...descriptorsOf(streamer, ports),
      resources,
      leases: await redis.zCount(keys.leases("list"), now, "+inf"),
      sessions: sessions.reduce((sum, count) => sum + count, 0),
      liveRecords: await redis.hLen(keys.live),
      connections: Object.values(accounts).reduce((sum, { active }) => sum + active, 0),
    }
  }
  return { look, close: async () => (redis.isOpen ? redis.close() : undefined) }
}

function descriptorsOf(
  pid: number,
  { gateway, edge, provider, streamer }: StreamsSystem["ports"],
): Pick<Look, "sockets" | "socketPeers" | "otherDescriptors"> {
  const folder = `/proc/${pid}/fd`
  const targets = readdirSync(folder).flatMap((name) => {
    try {
      return [readlinkSync(`${folder}/${name}`)]
    } catch {
      // It was closed meanwhile.
      return []
    }
  })
  const inodes = targets.flatMap((target) => /^socket:\[(\d+)\]$/.exec(target)?.[1] ?? []).map(Number)
  const known = ["tcp", "tcp6"].flatMap((table) =>
    socketsIn(readFileSync(`/proc/${pid}/net/${table}`, "utf8")),
  )
  return {
    sockets: inodes.length,
    socketPeers: countPeers(inodes, known, { gateway, edge, provider, viewers: streamer }),
    otherDescriptors: targets.length - inodes.length,
  }
}
