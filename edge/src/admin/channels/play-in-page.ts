import type { Playing } from "@tributary/shared/admin-api/channels"
import { errorResponse } from "@tributary/shared/http/errors"
import type { Context } from "hono"
import { findPlayable } from "../../admission/find-requested.ts"
import { playForAdmin } from "../../admission/play.ts"
import { edgeOf } from "../../edge.ts"
import type { AdminEnvironment } from "../session/require-admin.ts"

/**
 * `POST /api/channels/{id}/play`: where a channel (as HLS), a movie or an episode can be played by a page, for some
 * hours. `?profile=` names a transcode profile. It takes a connection as any viewer does, and counts for no viewer.
 */
export async function playInPage(context: Context<AdminEnvironment>): Promise<Response> {
  const id = context.req.param("id") ?? ""
  const found = await findPlayable(await edgeOf(context.env), id)
  if (found?.id !== id) return errorResponse("unknown_channel", `There is no channel "${id}".`)
  const isLive = found.channel.kind === undefined
  const answer = await playForAdmin(context, isLive ? `${id}.m3u8` : id)
  const url = answer.headers.get("location")
  return url === null ? answer : context.json({ url } satisfies Playing)
}
