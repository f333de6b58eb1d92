import type { IncomingMessage, ServerResponse } from "node:http"
import type { Logger } from "@tributary/shared/log/log"
import { Viewer } from "../fan-out/viewer.ts"
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
  maxBacklogBytes: () => number
  logger: Logger
}

/**
 * One viewer's playback: joins the stream and holds the session until the player goes or the stream ends.
 * The response head is written here; the body bypasses Node's response, since its frames are shared. False
 * when the stream closed meanwhile: nothing was sent yet.
 */
export async function playLive(
  { keeper, sessions, maxBacklogBytes, logger }: PlayLiveOptions,
  { stream, ticket }: Extract<ObtainResult, { ok: true }>,
  incoming: IncomingMessage,
  outgoing: ServerResponse,
): Promise<boolean> {
  if (!stream.isOpen) return false
  const { socket } = incoming
  const { viewer: username, session: member } = ticket
  const end = (idle: boolean) => {
    const { channel, connection } = stream
    return keeper.leave({ viewer: username, member, channel, lease: connection.lease, idle })
  }
  keeper.enter({ viewer: username, member })
  if (socket.destroyed) {
    await end(stream.isIdle)
    return true
  }
  outgoing.writeHead(200, liveHeaders)
  outgoing.flushHeaders()
  const chunked = incoming.httpVersionMinor >= 1
  const viewer = new Viewer(socket, { chunked, maxBacklogBytes: maxBacklogBytes() })
  sessions.add(member, viewer)
  stream.add(viewer)
  const how = await viewer.ended
  sessions.remove(member, viewer)
  const idle = stream.remove(viewer)
  logger.info("session ended", {
    channel: stream.channel,
    viewer: username,
    session: member,
    how,
    bytes: viewer.bytesSent,
  })
  await end(idle)
  return true
}
