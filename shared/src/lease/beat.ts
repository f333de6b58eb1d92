import * as z from "zod"
import { keys } from "../store/keys.ts"
import type { LiveRecord, StreamerRecord } from "../store/records.ts"
import { type LeaseName, memberOf } from "./lease-name.ts"
import type { RunScript } from "./scripts.ts"
import { leaseMilliseconds, recoverMilliseconds, streamerDeadMilliseconds } from "./times.ts"
import type { WatcherStatement } from "./watchers.ts"

/** A lease that a streamer holds. */
export interface HeldLease extends LeaseName {
  /** What it asserts when the store lost its data. */
  live: LiveRecord
  /** Who watches it here now; null: that has not changed since the last heartbeat. */
  watchers: WatcherStatement | null
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
  /** The store lost its data, and this is all that the streamer holds. */
  asserts?: boolean
  /** Whether the sessions' viewers may still watch is to be looked at. */
  checkViewers?: boolean
  leases: readonly HeldLease[]
  /** Who watches what is relayed from other streamers, where that changed. */
  relays: readonly { key: string; lease: string; watchers: WatcherStatement }[]
  sessions: readonly HeldSession[]
}

const members = z
  .array(z.string())
  .nullish()
  .transform((list) => list ?? [])

const beatSchema = z.object({
  /** Redis milliseconds. */
  now: z.number(),
  epoch: z.string(),
  /** Nothing was renewed: call again and assert everything. */
  lostData: z.boolean(),
  configVersion: z.string(),
  importsDue: z.boolean(),
  profilesDue: z.boolean(),
  /** The edge wants this streamer to take nobody new, and to leave when it is empty. */
  drain: z.boolean(),
  lostLeases: members,
  lostSessions: members,
  /** Leases of relayed streams that the store does not know (yet): say again who watches them. */
  unheardRelays: members,
})

export type BeatReply = z.output<typeof beatSchema>

/** Heartbeat and renewal in one round trip (`beat.lua`). Rejects when the store cannot be reached. */
export async function beat(run: RunScript, request: BeatRequest): Promise<BeatReply> {
  const scriptKeys: string[] = [
    ...[keys.streamers, keys.live, keys.configVersion, keys.importsDue, keys.epoch],
    ...[keys.recovering, keys.profilesDue, keys.sources, keys.viewers, keys.streamersToDrain],
  ]
  const position = new Map<string, number>()
  const indexOf = (first: string, ...more: string[]) => {
    const known = position.get(first)
    if (known !== undefined) return known
    const index = scriptKeys.push(first)
    scriptKeys.push(...more)
    position.set(first, index)
    return index
  }
  const asserts = request.asserts ?? false
  // Named once for all that is on it: this goes to the store every few seconds.
  const leases = [...Map.groupBy(request.leases, ({ source }) => source)].map(([source, held]) => ({
    key: indexOf(keys.leases(source), keys.reports(source)),
    source,
    members: held.map(memberOf),
  }))
  const changes = request.leases.flatMap((held) => {
    const change = {
      ...(held.watchers === null ? {} : { watchers: held.watchers }),
      ...(asserts ? { live: held.live } : {}),
    }
    return Object.keys(change).length === 0 ? [] : [[memberOf(held), change] as const]
  })
  const sessions = [...Map.groupBy(request.sessions, ({ viewer }) => viewer)].map(([viewer, held]) => ({
    key: indexOf(keys.sessions(viewer)),
    viewer,
    members: held.map(({ member }) => member),
  }))
  const { streamer, record, epoch, newEpoch, checkViewers = false } = request
  const reply = await run("beat", scriptKeys, [
    JSON.stringify({
      ...{ streamer, record, epoch, newEpoch, asserts, checkViewers, leases, sessions },
      changes: Object.fromEntries(changes),
      relays: request.relays.map(({ key, lease, watchers }) => ({ name: key, lease, watchers })),
      leaseMs: leaseMilliseconds,
      deadMs: streamerDeadMilliseconds,
      recoverMs: recoverMilliseconds,
    }),
  ])
  return beatSchema.parse(JSON.parse(reply))
}
