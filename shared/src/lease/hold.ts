import * as z from "zod"
import { keys } from "../store/keys.ts"
import { type LeaseName, memberOf } from "./lease-name.ts"
import type { RunScript } from "./scripts.ts"
import { leaseMilliseconds, streamerDeadMilliseconds } from "./times.ts"

export interface HoldRequest {
  streamer: string
  /** That of the last heartbeat. */
  epoch: string
  lease: LeaseName
  /** The streamer's other leases on the same profile. */
  mine: readonly LeaseName[]
  /** Who is going to watch; null: nobody that is not known yet. */
  watcher: { session: string; viewer: string | null } | null
}

const holdSchema = z.object({
  held: z.boolean(),
  ranOut: z.boolean(),
  stale: z.boolean(),
  holder: z
    .string()
    .nullish()
    .transform((streamer) => streamer ?? null),
  lost: z
    .array(z.string())
    .nullish()
    .transform((members) => members ?? []),
})

/**
 * `ranOut`: a heartbeat may take it up again. `stale`: the store lost its data; a heartbeat has to come first.
 * `lost`: members of leases that others have. `holder`: the streamer that runs on the lease in this one's place.
 */
export type HoldReply = z.output<typeof holdSchema>

/** Takes up a lease, or makes sure of it (`hold.lua`). Rejects when the store cannot be reached. */
export async function hold(run: RunScript, request: HoldRequest): Promise<HoldReply> {
  const { lease, watcher } = request
  const reply = await run(
    "hold",
    [keys.leases(lease.source), keys.live, keys.epoch, keys.streamers],
    [
      JSON.stringify({
        streamer: request.streamer,
        epoch: request.epoch,
        leaseMs: leaseMilliseconds,
        deadMs: streamerDeadMilliseconds,
        profile: lease.profile,
        key: lease.key,
        lease: lease.lease,
        mine: request.mine.map(memberOf),
        session: watcher?.session ?? "",
        viewer: watcher?.viewer ?? "",
      }),
    ],
  )
  return holdSchema.parse(JSON.parse(reply))
}
