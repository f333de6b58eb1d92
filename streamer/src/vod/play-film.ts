import type { IncomingHttpHeaders, ServerResponse } from "node:http"
import { errorResponse } from "@tributary/shared/http/errors"
import type { Logger } from "@tributary/shared/log/log"
import type { Ticket } from "@tributary/shared/ticket"
import { describeFailure } from "../upstream/upstream.ts"
import { type AttendOptions, attend } from "./attend.ts"
import type { Film } from "./film.ts"
import type { Playback } from "./playback.ts"
import { contentTypeOf } from "./range/content-type.ts"
import { type FileVersion, ifRangeHolds } from "./range/file-version.ts"
import type { RangeEnd } from "./range/film-range.ts"
import { type RequestedRange, readRange, sliceOf } from "./range/requested-range.ts"
import { ResponseSink, sentOrGone } from "./response-sink.ts"

export interface PlayFilmOptions extends AttendOptions {
  logger: Logger
}

export interface FilmRequest {
  /** Of the address, without a dot. */
  extension: string
  headers: IncomingHttpHeaders
}

/** A HEAD's answer, or the head of one: status and fields; `slice` is what of the file follows. */
export interface FilmHead {
  status: 200 | 206
  headers: Record<string, string>
  slice: { first: number; end: number | null }
}

// How long players' connections may be silent before the system asks whether anybody is there.
const keepAliveMilliseconds = 30_000

/**
 * The head of the answer to a request for a file; null: 416. A place that can only be reached by reading the file up to
 * it counts as one with ranges while it is near (`Film`); else the whole is sent, as RFC 9110 14.2 allows.
 */
export function filmHead(
  version: FileVersion,
  { extension, headers }: FilmRequest,
  mostSkippedBytes: number,
): FilmHead | null {
  const { size, etag, lastModified } = version
  const range = ifRangeHolds([headers["if-range"]].flat()[0], version) ? readRange(headers.range) : whole
  const common: Record<string, string> = {
    "content-type": contentTypeOf(extension, version.contentType),
    "accept-ranges": size === null || !version.hasRanges ? "none" : "bytes",
    "cache-control": "no-store",
    ...crossOrigin,
  }
  if (etag !== null) common.etag = etag
  if (lastModified !== null) common["last-modified"] = lastModified
  if (size === null) return { status: 200, headers: common, slice: { first: 0, end: null } }
  const slice = sliceOf(range, size)
  if (slice === null) return null
  const isWhole = range.kind === "whole" || (!version.hasRanges && slice.first > mostSkippedBytes)
  const { first, end } = isWhole ? { first: 0, end: size } : slice
  common["content-length"] = String(end - first)
  if (isWhole) return { status: 200, headers: common, slice: { first, end } }
  common["content-range"] = `bytes ${first}-${end - 1}/${size}`
  return { status: 206, headers: common, slice: { first, end } }
}

const whole: RequestedRange = { kind: "whole" }

/** Pages of other origins may play it, and see what part they got. */
export const crossOrigin = {
  "access-control-allow-origin": "*",
  "access-control-expose-headers": "accept-ranges, content-length, content-range, etag, last-modified",
} as const

/** The answer to a range of which the file has nothing (RFC 9110 15.5.17); the session is not held any longer. */
export async function answerOutside(
  options: PlayFilmOptions,
  { playback, ticket }: { playback: Playback<Film>; ticket: Ticket },
): Promise<Response> {
  const { size } = playback.content.version
  const nobody = { bytesSent: 0, destroy: () => undefined }
  await attend(options, { playback, ticket }, nobody, async () => "left")
  const response = errorResponse("range_not_satisfiable", "The file ends before this range begins.")
  response.headers.set("content-range", `bytes */${size ?? "*"}`)
  for (const [name, value] of Object.entries(crossOrigin)) response.headers.set(name, value)
  return response
}

/**
 * One request of a viewer for a film: sends the part that it asks for, and holds the session meanwhile. "closed" when
 * the playback closed in this moment: nothing was sent yet.
 */
export async function playFilm(
  options: PlayFilmOptions,
  { playback, ticket }: { playback: Playback<Film>; ticket: Ticket },
  head: FilmHead,
  outgoing: ServerResponse,
): Promise<"sent" | "closed"> {
  const { logger } = options
  const sink = new ResponseSink(outgoing)
  const played = await attend(options, { playback, ticket }, sink, async () => {
    if (outgoing.destroyed) return "left"
    outgoing.socket?.setKeepAlive(true, keepAliveMilliseconds)
    outgoing.writeHead(head.status, head.headers)
    const range = playback.content.read(head.slice, sink)
    outgoing.once("close", () => range.finish({ code: "left" }))
    const end = await range.ended
    if (end.code === "given") outgoing.end()
    else outgoing.destroy()
    await sentOrGone(outgoing)
    logger.info("range ended", {
      ...{ channel: ticket.channel, viewer: ticket.viewer, session: ticket.session },
      ...{ first: head.slice.first, bytes: sink.bytesSent, how: describeEnd(end) },
    })
    return end.code === "given" || end.code === "left" ? "left" : "stream-ended"
  })
  return played ? "sent" : "closed"
}

function describeEnd(end: RangeEnd): string {
  return end.code === "failed" ? describeFailure(end.failure) : end.code
}
