import { errorResponse } from "@tributary/shared/http/errors"
import { streamerDeadMilliseconds } from "@tributary/shared/lease/times"
import { hashFields } from "@tributary/shared/store/hash-fields"
import { keys } from "@tributary/shared/store/keys"
import type { StreamerRecord } from "@tributary/shared/store/records"
import { signLogoTicket } from "@tributary/shared/ticket"
import type { Context } from "hono"
import type { Bindings } from "../bindings.ts"
import { edgeOf } from "../edge.ts"
import { fromStore } from "../store-unavailable.ts"

const cacheSeconds = 3600

/**
 * `GET /logo/{channel}`: 302 to a streamer, which alone may ask the provider. Open to all, as pictures in
 * players are fetched without a login; it tells nothing but the picture.
 */
export async function logo(context: Context<{ Bindings: Bindings }>): Promise<Response> {
  const edge = await edgeOf(context.env)
  const found = await edge.snapshots.findChannel(context.req.param("channel") ?? "", Date.now())
  if (found?.channel.logo === undefined) return errorResponse("not_found", "There is no such logo.")
  const records = [...hashFields(await fromStore(edge.redis.hgetall(keys.streamers))).values()]
    .map((text) => JSON.parse(text) as StreamerRecord)
    .filter((record) => record.at > Date.now() - 2 * streamerDeadMilliseconds && !record.draining)
  const [first] = records.sort((a, b) => a.viewers - b.viewers)
  if (first === undefined) return errorResponse("no_streamer", "No streamer is running right now.", 5)
  const ticket = await signLogoTicket(edge.keys, found.id, Math.floor(Date.now() / 1000))
  return new Response(null, {
    status: 302,
    headers: {
      location: `${first.address}/logo/${ticket}`,
      "cache-control": `public, max-age=${cacheSeconds}`,
    },
  })
}
