import type { ServerResponse } from "node:http"
import type { Logger } from "@tributary/shared/log/log"
import type { Ticket } from "@tributary/shared/ticket"
import { describeFailure, type UpstreamFailure } from "../upstream/upstream.ts"
import { type AttendOptions, attend } from "./attend.ts"
import type { PastPlayer, PastTime } from "./past-player.ts"
import type { Playback } from "./playback.ts"
import { ResponseSink, sentOrGone } from "./response-sink.ts"

export interface PlayPastOptions extends AttendOptions {
  logger: Logger
}

/** What catch-up is answered with, for GET and HEAD. */
export const pastHeaders = {
  "content-type": "video/mp2t",
  "accept-ranges": "none",
  "cache-control": "no-store",
  "access-control-allow-origin": "*",
} as const

export type PastPlayed = { code: "sent" } | { code: "closed" } | { code: "failed"; failure: UpstreamFailure }

/**
 * One request of a viewer for a channel's past, which ends the one before it. "closed" when the playback closed in this
 * moment; nothing was sent when it is not "sent".
 */
export async function playPast(
  options: PlayPastOptions,
  { playback, ticket, time }: { playback: Playback<PastPlayer>; ticket: Ticket; time: PastTime },
  outgoing: ServerResponse,
  left: AbortSignal,
): Promise<PastPlayed> {
  const { logger } = options
  const player = playback.content
  const sink = new ResponseSink(outgoing)
  let failure: UpstreamFailure | null = null
  const played = await attend(options, { playback, ticket }, sink, async () => {
    const opened = await player.begin(time, sink, left)
    if (!opened.ok) {
      failure = opened.failure
      return "left"
    }
    const { past } = opened
    outgoing.writeHead(200, pastHeaders)
    const leave = () => void player.end(past)
    outgoing.once("close", leave)
    if (outgoing.destroyed) leave()
    const end = await past.read((chunk) => {
      player.bytesReceived += chunk.length
      sink.give(chunk)
      return sink.room()
    })
    if (isComplete(end)) outgoing.end()
    else outgoing.destroy()
    await sentOrGone(outgoing)
    await player.end(past)
    logger.info("catch-up ended", {
      ...{ channel: ticket.channel, viewer: ticket.viewer, session: ticket.session },
      ...{ start: time.start, bytes: sink.bytesSent, how: describeFailure(end) },
    })
    return left.aborted && end.code === "aborted" ? "left" : "stream-ended"
  })
  if (failure !== null) return { code: "failed", failure }
  return { code: played ? "sent" : "closed" }
}

/** The provider has sent what there is. */
function isComplete({ code }: UpstreamFailure): boolean {
  return code === "ended" || code === "finished"
}
