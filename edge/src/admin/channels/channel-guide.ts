import type { ChannelGuide } from "@tributary/shared/admin-api/channels"
import { errorResponse } from "@tributary/shared/http/errors"
import type { Context } from "hono"
import { edgeOf } from "../../edge.ts"
import { upcoming } from "../../xtream/programmes.ts"
import type { AdminEnvironment } from "../session/require-admin.ts"

const mostProgrammes = 24

/** `GET /api/channels/{id}/guide`: what is on, and next. */
export async function getChannelGuide(context: Context<AdminEnvironment>): Promise<Response> {
  const { snapshots } = await edgeOf(context.env)
  const id = context.req.param("id") ?? ""
  const now = Date.now()
  const found = await snapshots.findChannel(id, now)
  if (found?.id !== id) return errorResponse("unknown_channel", `There is no channel "${id}".`)
  const programmes = upcoming(await snapshots.programmes(found), Math.floor(now / 1000), mostProgrammes)
  const shown = programmes.map(({ start, stop, title, description }) => ({ start, stop, title, description }))
  return context.json({ programmes: shown } satisfies ChannelGuide)
}
