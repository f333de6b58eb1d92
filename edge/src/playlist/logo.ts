import { errorResponse } from "@tributary/shared/http/errors"
import { noStreamer } from "@tributary/shared/lease/refusal"
import { signLogoTicket } from "@tributary/shared/ticket"
import type { Context } from "hono"
import { playerScheme } from "../admission/player-scheme.ts"
import type { Bindings } from "../bindings.ts"
import { edgeOf } from "../edge.ts"
import { runningStreamers } from "../fleet/choose-streamer.ts"
import { leastLoaded } from "../fleet/streamer-records.ts"
import { redirect } from "../transfer/redirect.ts"

const cacheSeconds = 3600

/**
 * `GET /logo/{channel}`: 302 to a streamer, which alone may ask the provider. Open to all, as pictures in
 * players are fetched without a login; it tells nothing but the picture.
 */
export async function logo(context: Context<{ Bindings: Bindings }>): Promise<Response> {
  const edge = await edgeOf(context.env)
  const found = await edge.snapshots.findChannel(context.req.param("channel") ?? "", Date.now())
  if (found?.channel.logo === undefined) return errorResponse("not_found", "There is no such logo.")
  const scheme = playerScheme(new URL(context.req.url), new URL(edge.config.BASE_URL))
  const running = await runningStreamers(edge)
  const reachable = running.filter(([, { address }]) => address.startsWith(`${scheme}:`))
  const chosen = leastLoaded(reachable)
  if (chosen === undefined) {
    const isOther = reachable.length < running.length
    return errorResponse("no_streamer", noStreamer(isOther ? scheme : undefined), 5)
  }
  const ticket = await signLogoTicket(edge.keys, found.id, Math.floor(Date.now() / 1000))
  return redirect(`${chosen[1].address}/logo/${ticket}`, `public, max-age=${cacheSeconds}`)
}
