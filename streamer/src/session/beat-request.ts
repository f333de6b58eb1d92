import { randomUUID } from "node:crypto"
import type { BeatRequest, HeldLease } from "@tributary/shared/lease/beat"
import type { Audience, LeaseHolder, RelayedStream } from "./lease-keeper.ts"

export interface BeatParts
  extends Pick<BeatRequest, "streamer" | "record" | "epoch" | "sessions" | "checkViewers"> {
  leases: readonly LeaseHolder[]
  relayed: readonly RelayedStream[]
  /** The version of each stream's audience that the store was told last, by lease. */
  told: ReadonlyMap<string, number>
}

/** What a heartbeat tells the store; `told`: of which streams it says who watches now. */
export function beatRequest({
  leases,
  relayed,
  told: before,
  ...rest
}: BeatParts): BeatRequest & { told: { lease: string; audience: Audience }[] } {
  const told: { lease: string; audience: Audience }[] = []
  const changed = (lease: string, audience: Audience | null) => {
    if (audience === null || before.get(lease) === audience.version) return null
    told.push({ lease, audience })
    return audience.watchers
  }
  const held = leases.map((holder): HeldLease => {
    const { source, profile, key, lease, feed, yielded } = holder
    const nobody = { idleSince: null, displaced: null, watchers: {}, crowds: {} }
    const live = { lease, source, profile, feed, streamer: rest.streamer, yielded, ...nobody }
    return { source, profile, key, lease, live, watchers: changed(lease, holder.audience()) }
  })
  const relays = relayed.flatMap(({ key, lease, audience }) => {
    const watchers = changed(lease, audience())
    return watchers === null ? [] : [{ key, lease, watchers }]
  })
  return { ...rest, newEpoch: randomUUID(), leases: held, relays, told }
}
