import { errorResponse } from "@tributary/shared/http/errors"
import { signLogoTicket } from "@tributary/shared/ticket"
import type { Context } from "hono"
import type { Bindings } from "../bindings.ts"
import { edgeOf } from "../edge.ts"
import { chooseStreamer } from "../fleet/choose-streamer.ts"

const cacheSeconds = 3600

/**
 * `GET /logo/{channel}`: 302 to a streamer, which alone may ask the provider. Open to all, as pictures in
 * players are fetched without a login; it tells nothing but the picture.
 */
export async function logo(context: Context<{ Bindings: Bindings }>): Promise<Response> {
  const edge = await edgeOf(context.env)
  const found = await edge.snapshots.findChannel(context.req.param("channel") ?? "", Date.now())
  if (found?.channel.logo === undefined) return errorResponse("not_found", "There is no such logo.")
  const chosen = await chooseStreamer(edge)
  if (chosen === undefined) return errorResponse("no_streamer", "No streamer is running right now.", 5)
  const ticket = await signLogoTicket(edge.keys, found.id, Math.floor(Date.now() / 1000))
  return new Response(null, {
    status: 302,
    headers: {
      location: `${chosen[1].address}/logo/${ticket}`,
      "cache-control": `public, max-age=${cacheSeconds}`,
    },
  })
}
