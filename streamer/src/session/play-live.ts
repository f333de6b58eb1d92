import type { IncomingMessage, ServerResponse } from "node:http"
import type { Logger } from "@tributary/shared/log/log"
import type { ProgressWatch } from "../fan-out/progress-watch.ts"
import { Viewer } from "../fan-out/viewer.ts"
import type { StreamMetrics } from "../metrics/stream-metrics.ts"
import type { LiveStream } from "../pool/live-stream.ts"
import type { ObtainResult } from "../pool/stream-pool.ts"
import type { LeaseKeeper } from "./lease-keeper.ts"
import type { SessionDirectory } from "./session-directory.ts"

/** What a live stream is answered with, for GET and HEAD. */
export const liveHeaders = {
  "content-type": "video/mp2t",
  "accept-ranges": "none",
  "cache-control": "no-store",
} as const

export interface PlayLiveOptions {
  keeper: LeaseKeeper
  sessions: SessionDirectory
  metrics: StreamMetrics
  /** Finds connections that take nothing. */
  progress: ProgressWatch
  logger: Logger
}

/**
 * One viewer's playback: joins the stream and holds the session until the player goes or the stream ends.
 * The response head is written here; the body bypasses Node's response, since its frames are shared. False
 * when the stream closed meanwhile: nothing was sent yet. `requestedAt`: monotonic milliseconds.
 */
export async function playLive(
  { keeper, sessions, metrics, progress, logger }: PlayLiveOptions,
  { stream, ticket }: Extract<ObtainResult, { ok: true }>,
  incoming: IncomingMessage,
  outgoing: ServerResponse,
  requestedAt: number,
): Promise<boolean> {
  if (!stream.isOpen) return false
  const { socket } = incoming
  const { viewer: username, session: member } = ticket
  const session = { viewer: username, member }
  keeper.sessions.enter(session)
  if (socket.destroyed) {
    await leave(keeper, stream, session)
    return true
  }
  outgoing.writeHead(200, liveHeaders)
  outgoing.flushHeaders()
  const chunked = incoming.httpVersionMinor >= 1
  const viewer = new Viewer(socket, { chunked })
  progress.add(socket, () => viewer.destroy("took-nothing"))
  sessions.add(member, viewer)
  stream.add(viewer, { session: member, viewer: username, isRelay: ticket.relayTo !== null, requestedAt })
  const how = await viewer.ended
  sessions.remove(member, viewer)
  stream.remove(viewer)
  metrics.viewerLeft(how)
  logger.info("session ended", {
    channel: stream.channel,
    viewer: username,
    session: member,
    how,
    bytes: viewer.bytesSent,
  })
  await leave(keeper, stream, session)
  return true
}

async function leave(
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
