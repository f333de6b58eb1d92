import type { Context } from "hono"
import { authenticate } from "../admission/authenticate.ts"
import type { Bindings } from "../bindings.ts"
import { cacheUse } from "../cache-use.ts"
import { edgeOf } from "../edge.ts"
import { shortGuide, wholeGuide } from "./channel-guide.ts"
import { categories, type ListedSection, list } from "./lists.ts"
import { loginAnswer, refusalAnswer } from "./login-answer.ts"
import { panelAnswer } from "./panel-api.ts"
import { parametersOf } from "./parameters.ts"
import { movie, series } from "./titles.ts"

type EdgeContext = Context<{ Bindings: Bindings }>

/**
 * `GET|POST /player_api.php`: the Xtream API. As panels do, it answers wrong credentials with 200 and
 * `auth: 0`, and an unknown action with the login answer.
 */
export async function playerApi(context: EdgeContext): Promise<Response> {
  const asked = await askedOf(context)
  if (asked instanceof Response) return asked
  const { edge, now, given, login, who } = asked
  const { action = "" } = given
  const listed = listActions.get(action)
  if (listed !== undefined) {
    const snapshot = await edge.snapshots.current(now)
    if (listed.categories) return json(categories(snapshot, listed.section, who))
    const cache = cacheUse(context, who.settings)
    return list(edge, snapshot, listed.section, { who, category: given.category_id ?? null, cache })
  }
  switch (action) {
    case "get_vod_info":
      return json(await movie(edge, who, given, now))
    case "get_series_info":
      return json(await series(edge, who, given, now))
    case "get_short_epg":
      return json({ epg_listings: await shortGuide(edge, who, given, now) })
    case "get_simple_data_table":
      return json({ epg_listings: await wholeGuide(edge, who, given, now) })
    default:
      return json(await loginAnswer(edge, who, login, now))
  }
}

/** `GET|POST /panel_api.php`: everything in one answer. */
export async function panelApi(context: EdgeContext): Promise<Response> {
  const asked = await askedOf(context)
  if (asked instanceof Response) return asked
  const { edge, now, login, who } = asked
  const cache = cacheUse(context, who.settings)
  return panelAnswer(edge, await edge.snapshots.current(now), { who, login, cache, now })
}

/** What is asked for, and by whom; the answer when it is nobody. */
async function askedOf(context: EdgeContext) {
  const edge = await edgeOf(context.env)
  const now = Date.now()
  const given = await parametersOf(context)
  const { username = "", password = "" } = given
  const login = { username, password }
  const who = await authenticate(edge, username === "" ? null : login, now)
  return who.ok ? { edge, now, given, login, who } : json(await refusalAnswer(edge, who, login))
}

const listActions = new Map<string, { section: ListedSection; categories: boolean }>([
  ["get_live_categories", { section: "live", categories: true }],
  ["get_live_streams", { section: "live", categories: false }],
  ["get_vod_categories", { section: "movie", categories: true }],
  ["get_vod_streams", { section: "movie", categories: false }],
  ["get_series_categories", { section: "series", categories: true }],
  ["get_series", { section: "series", categories: false }],
])

function json(value: unknown): Response {
  return Response.json(value, { headers: { "cache-control": "no-store" } })
}
