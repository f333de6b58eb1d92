import { errorResponse } from "@tributary/shared/http/errors"
import { type Context, Hono } from "hono"
import { authenticate } from "../admission/authenticate.ts"
import type { Bindings } from "../bindings.ts"
import { cacheUse } from "../cache-use.ts"
import { edgeOf } from "../edge.ts"
import { loginPath } from "../playlist/address-parts.ts"
import { type Device, description, discovered, lineupStatus, tunersOf } from "./device.ts"
import { deviceIdOf } from "./device-id.ts"
import { lineup } from "./serve-lineup.ts"

type EdgeContext = Context<{ Bindings: Bindings }>

/** `/hdhr/{username}/{password}/…`: a viewer's channels as a network tuner, for Plex, Emby, Jellyfin and others. */
export const hdhr = new Hono<{ Bindings: Bindings }>()

hdhr.get("/:username/:password/discover.json", (context) =>
  withDevice(context, (device) => answer(discovered(device))),
)
hdhr.get("/:username/:password/device.xml", (context) =>
  withDevice(
    context,
    (device) =>
      new Response(description(device), {
        headers: { "content-type": "application/xml; charset=utf-8", "cache-control": "no-store" },
      }),
  ),
)
hdhr.get("/:username/:password/lineup_status.json", (context) =>
  withDevice(context, () => answer(lineupStatus)),
)
hdhr.get("/:username/:password/lineup.json", serveLineup)
// "Scan now": the lineup is always the newest.
hdhr.post("/:username/:password/lineup.post", (context) =>
  withDevice(context, () => new Response(null, { status: 200 })),
)

const answer = (value: unknown) => Response.json(value, { headers: { "cache-control": "no-store" } })

async function withDevice(context: EdgeContext, give: (device: Device) => Response): Promise<Response> {
  const { edge, who, login } = await viewerOf(context)
  if (!who.ok) return errorResponse(who.code, who.message)
  return give({
    id: await deviceIdOf(edge, login.username),
    name: `Tributary ${login.username}`,
    tuners: tunersOf(who.viewer),
    base: `${edge.config.BASE_URL}/hdhr/${loginPath(login)}`,
  })
}

async function serveLineup(context: EdgeContext): Promise<Response> {
  const { edge, who, now } = await viewerOf(context)
  if (!who.ok) return errorResponse(who.code, who.message)
  return lineup(edge, await edge.snapshots.current(now), { who, cache: cacheUse(context, who.settings) })
}

/** Whose tuner it is, by the login in the path. */
async function viewerOf(context: EdgeContext) {
  const edge = await edgeOf(context.env)
  const now = Date.now()
  const { username = "", password = "" } = context.req.param() as Record<string, string>
  const login = { username, password }
  return { edge, now, login, who: await authenticate(edge, login, now) }
}
