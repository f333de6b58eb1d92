import type { LiveStream } from "../pool/live-stream.ts"
import type { LeaseKeeper } from "./lease-keeper.ts"

/** Tells the store that a session's viewer has left its live stream, which knows so already. */
export async function leaveStream(
  keeper: LeaseKeeper,
  stream: LiveStream,
  session: { viewer: string | null; member: string },
): Promise<void> {
  const { lease } = stream.connection
  const told = stream.audience
  const { size } = stream.viewers
  const watchers = stream.isOpen ? told.watchers : null
  await keeper.sessions.leave({ ...session, key: stream.key, lease }, watchers)
  if (!stream.isOpen || stream.isIdle) return
  // Each that came or left made a version. Of who left themselves tell: a thousand at once would all tell of all.
  const came = (stream.audience.version - told.version + stream.viewers.size - size) / 2
  // Whoever came meanwhile is told to the store now, before it gives the stream's connection away.
  if (came > 0) await keeper.confirm(lease, stream.newest)
}
