import type { IncomingMessage, ServerResponse } from "node:http"
import type { Logger } from "@tributary/shared/log/log"
import type { Ticket } from "@tributary/shared/ticket"
import type { ProgressWatch } from "../fan-out/progress-watch.ts"
import { Viewer } from "../fan-out/viewer.ts"
import type { StreamMetrics } from "../metrics/stream-metrics.ts"
import type { LiveStream } from "../pool/live-stream.ts"
import type { ObtainResult } from "../pool/stream-pool.ts"
import type { LeaseKeeper } from "./lease-keeper.ts"
import { leaveStream } from "./leave-stream.ts"
import { fullOfViewers, type LiveOutput, type LiveOutputs } from "./live-outputs.ts"
import type { SessionDirectory } from "./session-directory.ts"

/** What a live stream is answered with, for GET and HEAD. */
export const liveHeaders = {
  "content-type": "video/mp2t",
  "accept-ranges": "none",
  "cache-control": "no-store",
  // Pages of any origin may play it: who may watch is told by the ticket.
  "access-control-allow-origin": "*",
} as const

export interface PlayLiveOptions {
  keeper: LeaseKeeper
  sessions: SessionDirectory
  metrics: StreamMetrics
  outputs: LiveOutputs
  /** Finds connections that take nothing. */
  progress: ProgressWatch
  /** Monotonic milliseconds. */
  monotonic: () => number
  logger: Logger
}

/**
 * One viewer's playback: joins the stream, or a transcode of it, and holds the session until the player goes or the
 * stream ends. The response head is written here; the body bypasses Node's response, since its frames are shared.
 * "closed" when the stream closed meanwhile, a response when there is no transcode: nothing was sent yet.
 * `requestedAt`: monotonic milliseconds.
 */
export async function playLive(
  options: PlayLiveOptions,
  { stream, ticket }: Extract<ObtainResult, { ok: true }>,
  incoming: IncomingMessage,
  outgoing: ServerResponse,
  requestedAt: number,
): Promise<"sent" | "closed" | Response> {
  const { keeper, sessions, outputs, metrics } = options
  if (!stream.isOpen) return "closed"
  const { socket } = incoming
  const { viewer: username, session: member } = ticket
  const session = { viewer: username, member }
  keeper.sessions.enter(session)
  if (socket.destroyed) {
    await leaveStream(keeper, stream, session)
    return "sent"
  }
  const viewer = new Viewer(socket, { chunked: incoming.httpVersionMinor >= 1 })
  sessions.add(member, viewer)
  // Before there is a transcode, so that the stream is not idle while one begins.
  stream.attend(viewer, { session: member, viewer: username, isRelay: ticket.relayTo !== null, requestedAt })
  let answer: "sent" | Response = "sent"
  try {
    const made =
      ticket.transcode === null
        ? { ok: true as const, output: outputs.plain(stream) }
        : await outputs.of(stream, ticket.transcode)
    if (!made.ok) answer = made.response
    else if (made.output.attend(viewer))
      await send(options, { viewer, output: made.output, stream, ticket, outgoing, requestedAt })
    else answer = fullOfViewers()
  } finally {
    // Whoever attended has left, whatever became of it.
    metrics.viewerLeft(viewer.state === "ended" ? await viewer.ended : "refused")
    sessions.remove(member, viewer)
    stream.leave(viewer)
    await leaveStream(keeper, stream, session)
  }
  return socket.destroyed ? "sent" : answer
}

interface Sending {
  viewer: Viewer
  output: LiveOutput
  stream: LiveStream
  ticket: Ticket
  outgoing: ServerResponse
  requestedAt: number
}

/** Resolves when the player has gone, or the output has ended. */
async function send(
  { metrics, progress, monotonic, logger }: PlayLiveOptions,
  { viewer, output, stream, ticket, outgoing, requestedAt }: Sending,
): Promise<void> {
  const { socket } = outgoing
  outgoing.writeHead(200, liveHeaders)
  outgoing.flushHeaders()
  if (socket !== null) progress.add(socket, () => viewer.destroy("took-nothing"))
  const { made: how } = output
  if (how !== null)
    void viewer.started.then(() =>
      metrics.firstBytes({ output: "transcode", how }, monotonic() - requestedAt),
    )
  // Closed since: what is waited for has happened.
  if (!output.source.subscribe(viewer)) viewer.close()
  const end = await viewer.ended
  output.source.unsubscribe(viewer)
  output.leave(viewer)
  logger.info("session ended", {
    channel: stream.channel,
    transcode: ticket.transcode,
    viewer: ticket.viewer,
    session: ticket.session,
    how: end,
    bytes: viewer.bytesSent,
  })
}
