import { z } from "zod"
import { keys } from "../store/keys.ts"
import type { LiveRecord, StreamerRecord } from "../store/records.ts"
import type { RunScript } from "./scripts.ts"
import { leaseMilliseconds } from "./times.ts"

/** A lease that a streamer holds. `live` is null for a connection that is not shared. */
export interface HeldLease {
  source: string
  profile: string
  channel: string
  lease: string
  live: LiveRecord | null
  /** Somebody watches it right now. */
  watched: boolean
}

/** A session of a known viewer on a streamer. */
export interface HeldSession {
  viewer: string
  member: string
}

export interface BeatRequest {
  streamer: string
  record: Omit<StreamerRecord, "at">
  epoch: string
  newEpoch: string
  leases: HeldLease[]
  sessions: HeldSession[]
}

const beatSchema = z.object({
  epoch: z.string(),
  configVersion: z.string(),
  importsDue: z.boolean(),
  lostLeases: z
    .array(z.string())
    .nullable()
    .transform((leases) => leases ?? []),
  lostSessions: z
    .array(z.string())
    .nullable()
    .transform((sessions) => sessions ?? []),
})

export type BeatReply = z.output<typeof beatSchema>

/** Heartbeat and renewal in one round trip (`beat.lua`). Rejects when the store cannot be reached. */
export async function beat(run: RunScript, request: BeatRequest): Promise<BeatReply> {
  const scriptKeys: string[] = [keys.streamers, keys.live, keys.configVersion, keys.importsDue, keys.epoch]
  const position = new Map<string, number>()
  const indexOf = (key: string) => {
    const known = position.get(key)
    if (known !== undefined) return known
    position.set(key, scriptKeys.push(key))
    return scriptKeys.length
  }
  const leases = request.leases.map(({ source, ...held }) => ({ ...held, key: indexOf(keys.leases(source)) }))
  const sessions = request.sessions.map(({ viewer, member }) => ({
    member,
    key: indexOf(keys.sessions(viewer)),
  }))
  const reply = await run("beat", scriptKeys, [
    JSON.stringify({ ...request, leases, sessions, leaseMs: leaseMilliseconds }),
  ])
  return beatSchema.parse(JSON.parse(reply))
}
