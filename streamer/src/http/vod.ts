import type { ServerResponse } from "node:http"
import type { HttpBindings } from "@hono/node-server"
import { RESPONSE_ALREADY_SENT } from "@hono/node-server/utils/response"
import { errorResponse } from "@tributary/shared/http/errors"
import type { Keys } from "@tributary/shared/secrets/keys"
import { type Ticket, verifyTicket } from "@tributary/shared/ticket"
import type { Context } from "hono"
import type { Failure } from "../pool/obtain-result.ts"
import { mostSkippedBytes } from "../vod/film.ts"
import {
  answerOutside,
  type FilmRequest,
  filmHead,
  type PlayFilmOptions,
  playFilm,
} from "../vod/play-film.ts"
import { pastHeaders, playPast } from "../vod/play-past.ts"
import { contentTypeOf } from "../vod/range/content-type.ts"
import { readRange } from "../vod/range/requested-range.ts"
import type { Asking, Vod } from "../vod/vod.ts"
import { badTicket, freshMilliseconds, leaving, notObtained } from "./refusals.ts"

export interface VodRouteOptions {
  keys: Keys
  vod: Vod
  play: PlayFilmOptions
  now: () => number
}

/** `GET|HEAD /vod/{ticket}.{ext}`: a movie, an episode, or a channel's past, for one viewer. */
export async function vod(
  options: VodRouteOptions,
  context: Context<{ Bindings: HttpBindings }>,
): Promise<Response> {
  const { keys, now, play } = options
  const [, text = "", extension = ""] = /^(.*)\.([^.]*)$/.exec(context.req.param("file") ?? "") ?? []
  const verified = await verifyTicket(keys, text, now() / 1000)
  if (!verified.ok) return badTicket(verified)
  const { ticket } = verified
  const { incoming, outgoing } = context.env
  const request = { extension, headers: incoming.headers }
  if (incoming.method === "HEAD") return headOf(options.vod, ticket, request)
  const isFresh = play.keeper.storeNow() - ticket.at < freshMilliseconds
  const asking = { isFresh, left: leaving(outgoing) }
  return ticket.catchup === null
    ? await film(options, ticket, asking, request, outgoing)
    : await past(options, ticket, asking, outgoing)
}

/** As GET answers, but without opening anything: while the file does not play, its size is not known. */
function headOf(vod: Vod, ticket: Ticket, { extension }: FilmRequest): Response {
  if (ticket.catchup !== null) return new Response(null, { headers: pastHeaders })
  const unknown = { size: null, etag: null, lastModified: null, contentType: null, hasRanges: true }
  const version = vod.version(ticket.key)
  // Only GET has ranges (RFC 9110 14.2).
  const head = filmHead(version ?? unknown, { extension, headers: {} }, mostSkippedBytes)
  const headers = head?.headers ?? { "content-type": contentTypeOf(extension, null) }
  if (version === null) headers["accept-ranges"] = "bytes"
  return new Response(null, { headers })
}

async function film(
  options: VodRouteOptions,
  ticket: Ticket,
  asking: Asking,
  request: FilmRequest,
  outgoing: ServerResponse,
): Promise<Response> {
  const result = await options.vod.film(ticket, asking, readRange(request.headers.range))
  if (!result.ok) return refused(options, ticket, result, request.extension)
  // Counted once, by its first request.
  options.play.metrics.streamOpened(result.playback)
  const { version } = result.playback.content
  const head = filmHead(version, request, mostSkippedBytes)
  if (head === null) return await answerOutside(options.play, result)
  return (await playFilm(options.play, result, head, outgoing)) === "sent"
    ? RESPONSE_ALREADY_SENT
    : closedNow()
}

async function past(
  options: VodRouteOptions,
  ticket: Ticket,
  asking: Asking,
  outgoing: ServerResponse,
): Promise<Response> {
  const time = ticket.catchup
  if (time === null) return errorResponse("bad_ticket", "Not a valid ticket.")
  const result = await options.vod.past(ticket, asking, time)
  if (!result.ok) return refused(options, ticket, result, "ts")
  // Counted once, by its first request.
  options.play.metrics.streamOpened(result.playback)
  const played = await playPast(options.play, { ...result, time }, outgoing, asking.left)
  if (played.code === "sent" || outgoing.destroyed) return RESPONSE_ALREADY_SENT
  if (played.code === "closed") return closedNow()
  return refused(options, ticket, { ok: false, code: "upstream_failed", failure: played.failure }, "ts")
}

const closedNow = () => errorResponse("no_capacity", "This was closed just now; try again.", 1)

const refused = ({ keys, now }: VodRouteOptions, ticket: Ticket, failure: Failure, extension: string) =>
  notObtained(keys, ticket, failure, {
    named: "What you asked for",
    pathOf: (text) => `/vod/${text}.${extension}`,
    now,
  })
