import { keys } from "@tributary/shared/store/keys"
import type { ViewerRecord } from "@tributary/shared/store/records"
import type { Context } from "hono"
import { type Authentication, authenticate } from "../admission/authenticate.ts"
import type { Bindings } from "../bindings.ts"
import { cacheUse } from "../cache-use.ts"
import { type Edge, edgeOf } from "../edge.ts"
import { fromStore } from "../store-unavailable.ts"
import { shortGuide, wholeGuide } from "./channel-guide.ts"
import { categories, type ListedSection, list } from "./lists.ts"
import { parametersOf } from "./parameters.ts"
import { panelTime } from "./programmes.ts"
import { movie, series } from "./titles.ts"

type Allowed = Extract<Authentication, { ok: true }>

/**
 * `GET|POST /player_api.php`: the Xtream API. As panels do, it answers wrong credentials with 200 and
 * `auth: 0`, and an unknown action with the login answer.
 */
export async function playerApi(context: Context<{ Bindings: Bindings }>): Promise<Response> {
  const edge = await edgeOf(context.env)
  const now = Date.now()
  const given = await parametersOf(context)
  const { username = "", password = "" } = given
  const who = await authenticate(edge, username === "" ? null : { username, password }, now)
  if (!who.ok) return json({ user_info: { auth: 0 } })
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
      return json(loginAnswer(edge, who, { username, password }, await sessionsOf(edge, username, now), now))
  }
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

/** Who the viewer is and where this server stands, in a panel's words and types. */
function loginAnswer(
  edge: Edge,
  who: Allowed,
  login: { username: string; password: string },
  sessions: number,
  now: number,
): unknown {
  const base = new URL(edge.config.BASE_URL)
  const isHttps = base.protocol === "https:"
  const port = base.port || (isHttps ? "443" : "80")
  const seconds = Math.floor(now / 1000)
  return {
    user_info: {
      ...login,
      message: "",
      auth: 1,
      status: "Active",
      exp_date: expiryOf(who.viewer),
      is_trial: "0",
      active_cons: String(sessions),
      created_at: "0",
      max_connections: String(who.viewer?.maxStreams ?? 0),
      allowed_output_formats: ["ts"],
    },
    server_info: {
      // Host and port are told apart (TiviMate joins them itself); times are UTC.
      url: base.hostname,
      port: isHttps ? "80" : port,
      https_port: isHttps ? port : "443",
      server_protocol: isHttps ? "https" : "http",
      rtmp_port: "0",
      timezone: "UTC",
      timestamp_now: seconds,
      time_now: panelTime(seconds),
      process: true,
    },
  }
}

/** How many sessions of the viewer's are alive; their scores are when they run out. */
function sessionsOf(edge: Edge, username: string, now: number): Promise<number> {
  return fromStore(edge.redis.zcount(keys.sessions(username), now, "+inf"))
}

function expiryOf(viewer: ViewerRecord | null): string | null {
  return viewer?.expiresAt == null ? null : String(Math.floor(viewer.expiresAt / 1000))
}
