import { errorResponse } from "@tributary/shared/http/errors"
import type { Keys } from "@tributary/shared/secrets/keys"
import { verifyLogoTicket } from "@tributary/shared/ticket"
import type { Context } from "hono"
import { Agent, interceptors, request } from "undici"
import type { ConfigDirectory } from "../store/config-directory.ts"
import type { EdgeClient } from "../store/edge-client.ts"
import { fillTemplate } from "../upstream/feed-address.ts"
import { upstreamHeaders } from "../upstream/open-feed.ts"

export interface LogoRouteOptions {
  keys: Keys
  edge: EdgeClient
  config: ConfigDirectory
  now: () => number
}

const maxBytes = 2 * 1024 * 1024
const answerMilliseconds = 10_000
const cacheSeconds = 86_400

/** `GET /logo/{ticket}`: a picture that is on the provider's own server. Nothing but pictures is passed on. */
export async function logo(
  { keys, edge, config, now }: LogoRouteOptions,
  context: Context,
): Promise<Response> {
  const id = await verifyLogoTicket(keys, context.req.param("ticket") ?? "", now() / 1000)
  if (id === null) return errorResponse("bad_ticket", "Not a valid ticket.")
  const channel = await edge.channel(id)
  const source = channel?.logo && (await config.source(channel.logo.source))
  const url = source && fillTemplate(channel.logo?.template ?? "", source.secret, "primary")
  if (!url) return errorResponse("not_found", "There is no such logo.")
  const agent = new Agent({
    connectTimeout: answerMilliseconds,
    headersTimeout: answerMilliseconds,
    bodyTimeout: answerMilliseconds,
    maxResponseSize: maxBytes,
    connect: { rejectUnauthorized: false },
  })
  try {
    const dispatcher = agent.compose(interceptors.redirect({ maxRedirections: 3 }))
    const answer = await request(url, { dispatcher, headers: upstreamHeaders(config.settings, source) })
    const type = String(answer.headers["content-type"] ?? "")
    if (answer.statusCode !== 200 || !type.startsWith("image/")) {
      await answer.body.dump()
      return errorResponse("upstream_failed", "The provider did not send a picture.")
    }
    return new Response(await answer.body.arrayBuffer(), {
      headers: {
        "content-type": type,
        "cache-control": `public, max-age=${cacheSeconds}`,
        // A picture from elsewhere, an SVG above all, may not act as a page of ours.
        "content-security-policy": "default-src 'none'; style-src 'unsafe-inline'; sandbox",
        "x-content-type-options": "nosniff",
      },
    })
  } catch {
    return errorResponse("upstream_failed", "The provider did not send a picture.")
  } finally {
    await agent.close()
  }
}
