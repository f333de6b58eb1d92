import { keys } from "../store/keys.ts"
import type { HeldLease } from "./beat.ts"
import type { RunScript } from "./scripts.ts"

/** Frees a lease's slot; call it when the upstream's socket is closed, not before. Safe to repeat. */
export async function release(run: RunScript, held: Omit<HeldLease, "live" | "watched">): Promise<void> {
  const member = `${held.profile}/${held.channel}/${held.lease}`
  await run("release", [keys.leases(held.source), keys.live], [member, held.channel, held.lease])
}

/** Ends a viewer's session; `idle` when nobody watches the live stream any more. Safe to repeat. */
export async function leave(
  run: RunScript,
  session: { viewer: string | null; member: string; channel: string; lease: string; idle: boolean },
): Promise<"ok" | "lost"> {
  const reply = await run(
    "leave",
    [keys.sessions(session.viewer ?? ""), keys.live],
    [
      session.viewer === null ? "" : session.member,
      session.channel,
      session.lease,
      session.idle ? "idle" : "",
    ],
  )
  return reply === "lost" ? "lost" : "ok"
}
