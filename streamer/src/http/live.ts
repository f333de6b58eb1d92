import type { HttpBindings } from "@hono/node-server"
import { RESPONSE_ALREADY_SENT } from "@hono/node-server/utils/response"
import { errorResponse } from "@tributary/shared/http/errors"
import type { Keys } from "@tributary/shared/secrets/keys"
import { verifyTicket } from "@tributary/shared/ticket"
import type { Context } from "hono"
import type { StreamPool } from "../pool/stream-pool.ts"
import { liveHeaders, type PlayLiveOptions, playLive } from "../session/play-live.ts"
import { badTicket, freshMilliseconds, leaving, notObtained } from "./refusals.ts"

export interface LiveRouteOptions {
  keys: Keys
  pool: StreamPool
  play: PlayLiveOptions
  now: () => number
}

/** `GET|HEAD /live/{ticket}.ts`: from a ticket to a playing viewer, or to an error that says why not. */
export async function live(
  { keys, pool, play, now }: LiveRouteOptions,
  context: Context<{ Bindings: HttpBindings }>,
): Promise<Response> {
  const requestedAt = play.monotonic()
  const file = context.req.param("file") ?? ""
  const verified = await verifyTicket(keys, file.slice(0, -".ts".length), now() / 1000)
  if (!verified.ok) return badTicket(verified)
  const { incoming, outgoing } = context.env
  if (incoming.method === "HEAD") return new Response(null, { headers: liveHeaders })
  const isFresh = play.keeper.storeNow() - verified.ticket.at < freshMilliseconds
  const result = await pool.obtain(verified.ticket, { isFresh, left: leaving(outgoing) })
  if (!result.ok) {
    const pathOf = (text: string) => `/live/${text}.ts`
    return notObtained(keys, verified.ticket, result, { named: "The channel", pathOf, now })
  }
  const answer = await playLive(play, result, incoming, outgoing, requestedAt)
  if (answer === "closed") return errorResponse("no_capacity", "The stream closed just now; try again.", 1)
  return answer === "sent" ? RESPONSE_ALREADY_SENT : answer
}
