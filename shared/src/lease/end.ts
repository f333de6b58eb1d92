import { keys } from "../store/keys.ts"
import type { LeaseName } from "./lease-name.ts"
import type { RunScript } from "./scripts.ts"
import type { WatcherStatement } from "./watchers.ts"

/** Frees a lease's slot; call it when the upstream's socket is closed, not before. Safe to repeat. */
export async function release(run: RunScript, held: LeaseName): Promise<void> {
  await run(
    "release",
    [keys.leases(held.source), keys.live, keys.ended(held.source)],
    [held.profile, held.key, held.lease],
  )
}

export interface Leaving {
  streamer: string
  viewer: string | null
  /** The session that ends; null when it goes on (another connection of it plays). */
  member: string | null
  /** Of the live stream. */
  key: string
  lease: string
  /** Who watches the stream at this streamer now; null when that did not change. */
  watchers: WatcherStatement | null
}

/** Ends a viewer's session, and says who still watches the live stream. Safe to repeat. */
export async function leave(run: RunScript, leaving: Leaving): Promise<"ok" | "lost"> {
  const { streamer, viewer, member, key, lease, watchers } = leaving
  const reply = await run(
    "leave",
    [keys.sessions(viewer ?? ""), keys.live],
    [member ?? "", key, lease, streamer, watchers === null ? "" : JSON.stringify(watchers)],
  )
  return reply === "lost" ? "lost" : "ok"
}
