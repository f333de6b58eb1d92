import type { Ticket } from "@tributary/shared/ticket"
import type { StreamMetrics, ViewerExit } from "../metrics/stream-metrics.ts"
import type { LeaseKeeper } from "../session/lease-keeper.ts"
import type { SessionDirectory } from "../session/session-directory.ts"
import type { Attendant, Content, Playback } from "./playback.ts"

export interface AttendOptions {
  keeper: LeaseKeeper
  sessions: SessionDirectory
  metrics: StreamMetrics
}

/**
 * Counts one connection to a playback and to its session while `play` runs, which says how it ended; false when the playback closed meanwhile,
 * so that nothing was played.
 */
export async function attend<Played extends Content>(
  { keeper, sessions, metrics }: AttendOptions,
  { playback, ticket }: { playback: Playback<Played>; ticket: Ticket },
  attendant: Attendant,
  play: () => Promise<ViewerExit>,
): Promise<boolean> {
  const { viewer, session: member } = ticket
  if (!playback.attend(attendant, { session: member, viewer })) return false
  keeper.sessions.enter({ viewer, member })
  sessions.add(member, attendant)
  let how: ViewerExit = "stream-ended"
  try {
    how = await play()
  } finally {
    metrics.viewerLeft(how)
    sessions.remove(member, attendant)
    playback.leave(attendant)
    await tellStore(keeper, playback, { viewer, member })
  }
  return true
}

async function tellStore<Played extends Content>(
  keeper: LeaseKeeper,
  playback: Playback<Played>,
  session: { viewer: string | null; member: string },
): Promise<void> {
  const { lease } = playback.connection
  const { version, watchers } = playback.audience
  const told = playback.isOpen ? watchers : null
  await keeper.sessions.leave({ ...session, key: playback.key, lease }, told)
  if (!playback.isOpen || playback.isIdle || playback.audience.version === version) return
  // Whoever came meanwhile is told to the store now, before it gives the connection away.
  const [arrival] = playback.arrivals
  if (arrival !== undefined) await keeper.confirm(lease, arrival)
}
