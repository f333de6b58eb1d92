import type { ServerResponse } from "node:http"
import type { HttpBindings } from "@hono/node-server"
import { RESPONSE_ALREADY_SENT } from "@hono/node-server/utils/response"
import { errorResponse } from "@tributary/shared/http/errors"
import type { Keys } from "@tributary/shared/secrets/keys"
import { type Ticket, verifyTicket } from "@tributary/shared/ticket"
import type { TranscodeProfile } from "@tributary/shared/transcode/transcode-profile"
import type { Context } from "hono"
import { describeVariant } from "../hls/describe-variant.ts"
import type { HlsOutput } from "../hls/hls-output.ts"
import { type MasterVariant, masterPlaylist } from "../hls/playlist.ts"
import type { LeaseKeeper } from "../session/lease-keeper.ts"
import type { HlsPlayer } from "../session/play-hls.ts"
import { badTicket, freshMilliseconds, leaving, notObtained } from "./refusals.ts"

export interface HlsRouteOptions {
  keys: Keys
  hls: HlsPlayer
  keeper: Pick<LeaseKeeper, "storeNow">
  /** As configured now; undefined when there is none of this id. */
  transcodeProfile: (id: string) => Promise<TranscodeProfile | undefined>
  /** Unix milliseconds. */
  now: () => number
}

type HlsContext = Context<{ Bindings: HttpBindings }>

// Players in browsers belong to other sites.
const readable = { "access-control-allow-origin": "*" }
const playlistHeaders = {
  ...readable,
  "content-type": "application/vnd.apple.mpegurl",
  "cache-control": "no-store",
}
// A number is never given twice; after this nobody asks for it.
const segmentHeaders = { ...readable, "content-type": "video/mp2t", "cache-control": "private, max-age=60" }

/** `GET|HEAD /live/{ticket}.m3u8`: the media playlist of a ticket, or the master playlist of its qualities. */
export function hlsPlaylist(options: HlsRouteOptions, context: HlsContext): Promise<Response> {
  const text = (context.req.param("file") ?? "").slice(0, -".m3u8".length)
  return answer(options, context, text, playlistHeaders, async (ticket) => {
    const variants = await variantsOf(options, ticket)
    if (variants === "unknown") return storeIsAway()
    const asked: Asked = {
      ticket,
      text,
      pathOf: (other) => `/live/${other}.m3u8`,
      outgoing: context.env.outgoing,
    }
    return variants === null
      ? media(options, asked, ticket.transcode, text)
      : master(options, asked, variants)
  })
}

/** `GET|HEAD /live/{ticket}/{transcode profile}.m3u8`: the media playlist of a quality that was listed. */
export function hlsVariant(options: HlsRouteOptions, context: HlsContext): Promise<Response> {
  const text = context.req.param("ticket") ?? ""
  const id = (context.req.param("file") ?? "").slice(0, -".m3u8".length)
  return answer(options, context, text, playlistHeaders, async (ticket) => {
    const variants = await variantsOf(options, ticket)
    if (variants === "unknown") return storeIsAway()
    if (!variants?.includes(id)) return errorResponse("not_found", "There is no such quality.")
    const folder = encodeURIComponent(id)
    const pathOf = (other: string) => `/live/${other}/${folder}.m3u8`
    return media(options, { ticket, text, pathOf, outgoing: context.env.outgoing }, id, folder)
  })
}

/** `GET|HEAD /live/{ticket}/{n}.ts`, or with a quality between: a segment, for a session that plays. */
export function hlsSegment({ hls, ...options }: HlsRouteOptions, context: HlsContext): Promise<Response> {
  const text = context.req.param("ticket") ?? ""
  return answer({ hls, ...options }, context, text, segmentHeaders, async (ticket) => {
    const { outgoing } = context.env
    const transcode = context.req.param("variant") ?? ticket.transcode
    const play = hls.find({ ticket, transcode })
    const data = play?.output.segment(Number.parseInt(context.req.param("file") ?? "", 10)) ?? null
    if (play === null || data === null)
      return errorResponse("not_found", "This segment is not kept any more; ask for the playlist again.")
    outgoing.once("close", play.session.begin())
    play.session.give(data.length)
    // Past the web's streams: the same memory for everybody.
    outgoing.writeHead(200, { ...segmentHeaders, "content-length": data.length })
    outgoing.end(data)
    return RESPONSE_ALREADY_SENT
  })
}

/** What all of them have in common: HEAD opens nothing, and what is answered can be read by other sites' players. */
async function answer(
  { keys, now }: HlsRouteOptions,
  context: HlsContext,
  text: string,
  headers: Record<string, string>,
  make: (ticket: Ticket) => Promise<Response>,
): Promise<Response> {
  const verified = await verifyTicket(keys, text, now() / 1000)
  const isAsked = context.env.incoming.method !== "HEAD"
  const response = !verified.ok
    ? badTicket(verified)
    : isAsked
      ? await make(verified.ticket)
      : new Response(null, { headers })
  if (response !== RESPONSE_ALREADY_SENT)
    for (const [name, value] of Object.entries(readable)) response.headers.set(name, value)
  return response
}

/** The qualities of an adaptive profile; null when the ticket's is none. */
async function variantsOf(
  { transcodeProfile }: HlsRouteOptions,
  { transcode }: Ticket,
): Promise<string[] | null | "unknown"> {
  if (transcode === null) return null
  const profile = await transcodeProfile(transcode).catch(() => null)
  if (profile === null) return "unknown"
  return profile !== undefined && "variants" in profile ? profile.variants : null
}

interface Asked {
  ticket: Ticket
  /** The ticket as it stands in the address. */
  text: string
  /** The same with another ticket, on whichever streamer. */
  pathOf: (other: string) => string
  outgoing: ServerResponse
}

async function media(
  options: HlsRouteOptions,
  asked: Asked,
  transcode: string | null,
  folder: string,
): Promise<Response> {
  return whilePlaying(options, asked, transcode, async (output, left) => {
    const playlist = await output.playlist(folder, left)
    return playlist === null ? notReady() : new Response(playlist, { headers: playlistHeaders })
  })
}

/** Opens no transcode: what they will be is told by their recipes and by the stream that comes. */
async function master(
  options: HlsRouteOptions,
  asked: Asked,
  variants: readonly string[],
): Promise<Response> {
  const profiles = await Promise.all(variants.map((id) => options.transcodeProfile(id))).catch(() => null)
  if (profiles === null) return storeIsAway()
  return whilePlaying(options, asked, null, async (output, left) => {
    const stream = await output.describe("", left)
    if (stream === null) return notReady()
    const listed = profiles.flatMap((profile): MasterVariant[] => {
      if (profile === undefined || !("recipe" in profile)) return []
      const uri = `${asked.text}/${encodeURIComponent(profile.id)}.m3u8`
      return [describeVariant(profile.recipe, uri, stream)]
    })
    if (listed.length === 0)
      return errorResponse("unknown_profile", "None of its qualities is there any more.")
    return new Response(masterPlaylist(listed), { headers: playlistHeaders })
  })
}

/** Joins or opens what is asked for; its session lasts until the answer is sent, and a while longer. */
async function whilePlaying(
  { keys, hls, keeper, now }: HlsRouteOptions,
  { ticket, pathOf, outgoing }: Asked,
  transcode: string | null,
  make: (output: HlsOutput, left: AbortSignal) => Promise<Response>,
): Promise<Response> {
  const left = leaving(outgoing)
  const isFresh = keeper.storeNow() - ticket.at < freshMilliseconds
  const result = await hls.obtain({ ticket, transcode }, { isFresh, left })
  if (result.ok) {
    const { session, output } = result.play
    const answered = session.begin()
    // Its "close" has passed when the player is gone by now.
    if (left.aborted) answered()
    else outgoing.once("close", answered)
    return make(output, left)
  }
  switch (result.code) {
    case "not_obtained":
      return notObtained(keys, ticket, result.failure, { named: "The channel", pathOf, now })
    case "not_played":
      return result.response.clone()
    case "closed":
      return errorResponse("no_capacity", "The stream closed just now; try again.", 1)
  }
}

const notReady = () => errorResponse("not_ready", "No picture has come yet; try again.", 2)
const storeIsAway = () => errorResponse("store_unavailable", "The store does not answer; try again soon.", 5)
