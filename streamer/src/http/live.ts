import type { ServerResponse } from "node:http"
import type { HttpBindings } from "@hono/node-server"
import { RESPONSE_ALREADY_SENT } from "@hono/node-server/utils/response"
import { errorResponse } from "@tributary/shared/http/errors"
import { refusalResponse } from "@tributary/shared/lease/refusal"
import type { Keys } from "@tributary/shared/secrets/keys"
import { signTicket, type Ticket, ticketFrom, verifyTicket } from "@tributary/shared/ticket"
import type { Context } from "hono"
import type { ObtainResult, StreamPool } from "../pool/stream-pool.ts"
import { liveHeaders, type PlayLiveOptions, playLive } from "../session/play-live.ts"
import { describeFailure } from "../upstream/upstream.ts"

export interface LiveRouteOptions {
  keys: Keys
  pool: StreamPool
  play: PlayLiveOptions
  now: () => number
}

// The session that was made with a ticket lives longer than this without a player.
const freshMilliseconds = 10_000

/** `GET|HEAD /live/{ticket}.ts`: from a ticket to a playing viewer, or to an error that says why not. */
export async function live(
  { keys, pool, play, now }: LiveRouteOptions,
  context: Context<{ Bindings: HttpBindings }>,
): Promise<Response> {
  const requestedAt = performance.now()
  const file = context.req.param("file") ?? ""
  const verified = await verifyTicket(keys, file.slice(0, -".ts".length), now() / 1000)
  if (!verified.ok)
    return errorResponse(
      verified.code,
      verified.code === "ticket_expired"
        ? "This ticket has expired; ask the edge again."
        : "Not a valid ticket.",
    )
  const { incoming, outgoing } = context.env
  if (incoming.method === "HEAD") return new Response(null, { headers: liveHeaders })
  const isFresh = play.keeper.storeNow() - verified.ticket.at < freshMilliseconds
  const result = await pool.obtain(verified.ticket, { isFresh, left: leaving(outgoing) })
  if (!result.ok) return refusal(keys, verified.ticket, result, now)
  const answer = await playLive(play, result, incoming, outgoing, requestedAt)
  if (answer === "closed") return errorResponse("no_capacity", "The stream closed just now; try again.", 1)
  return answer === "sent" ? RESPONSE_ALREADY_SENT : answer
}

/** Aborts when the player's connection is gone. */
function leaving(outgoing: ServerResponse): AbortSignal {
  const gone = new AbortController()
  outgoing.once("close", () => gone.abort())
  if (outgoing.destroyed) gone.abort()
  return gone.signal
}

async function refusal(
  keys: Keys,
  ticket: Ticket,
  result: Exclude<ObtainResult, { ok: true }>,
  now: () => number,
): Promise<Response> {
  switch (result.code) {
    case "elsewhere": {
      const { admitted } = result
      const text = await signTicket(
        keys,
        ticketFrom(admitted, ticket.channel, ticket),
        Math.floor(now() / 1000),
      )
      return new Response(null, { status: 302, headers: { location: `${admitted.address}/live/${text}.ts` } })
    }
    case "unknown_channel":
      return errorResponse("unknown_channel", "This channel is not in the catalogue any more.")
    case "store_unavailable":
      return errorResponse("store_unavailable", "The store does not answer; try again soon.", 5)
    case "upstream_failed":
      return errorResponse(
        "upstream_failed",
        `The channel did not open: ${describeFailure(result.failure)}.`,
        5,
      )
    case "refused":
      return refusalResponse(result.admission)
  }
}
