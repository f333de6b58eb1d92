import { keys } from "@tributary/shared/store/keys"
import type { ViewerRecord } from "@tributary/shared/store/records"
import type { Authentication } from "../admission/authenticate.ts"
import type { Credentials } from "../admission/credentials.ts"
import type { Edge } from "../edge.ts"
import { fromStore } from "../store-unavailable.ts"
import { panelTime } from "./programmes.ts"

type Allowed = Extract<Authentication, { ok: true }>
type Refused = Extract<Authentication, { ok: false }>

/** Who the viewer is and where this server stands, in a panel's words and types. Rejects when the store is away. */
export async function loginAnswer(edge: Edge, who: Allowed, login: Credentials, now: number) {
  return {
    user_info: {
      ...login,
      message: "",
      auth: 1,
      status: "Active",
      exp_date: expiryOf(who.viewer),
      is_trial: "0",
      active_cons: await sessionsOf(edge, login.username, now),
      created_at: "0",
      // Panels write 0 for an account without a limit.
      max_connections: String(who.viewer?.maxStreams ?? 0),
      allowed_output_formats: ["ts", "m3u8"],
    },
    server_info: serverInfo(new URL(edge.config.BASE_URL), Math.floor(now / 1000)),
  }
}

/**
 * What panels answer to who may not log in: `auth: 0`, and to who knows the password also why. Rejects when the store is
 * away.
 */
export async function refusalAnswer(edge: Edge, { code, message }: Refused, login: Credentials) {
  if (code === "unauthorized") return { user_info: { auth: 0 } }
  const stored = await fromStore(edge.redis.hget<string>(keys.viewers, login.username))
  const viewer = stored === null ? null : (JSON.parse(stored) as ViewerRecord)
  const status = viewer?.enabled === false ? "Disabled" : "Expired"
  return { user_info: { ...login, message, auth: 0, status, exp_date: expiryOf(viewer) } }
}

/** Host and ports are told apart (TiviMate joins them itself); times are UTC. */
function serverInfo({ protocol, hostname, port }: URL, nowSeconds: number) {
  const isHttps = protocol === "https:"
  return {
    url: hostname,
    port: isHttps ? "80" : port || "80",
    https_port: isHttps ? port || "443" : "443",
    server_protocol: isHttps ? "https" : "http",
    rtmp_port: "0",
    timezone: "UTC",
    timestamp_now: nowSeconds,
    time_now: panelTime(nowSeconds),
    process: true,
  }
}

/** How many sessions of the viewer's are alive; their scores are when they run out. */
function sessionsOf(edge: Edge, username: string, now: number): Promise<number> {
  return fromStore(edge.redis.zcount(keys.sessions(username), now, "+inf"))
}

function expiryOf(viewer: ViewerRecord | null): string | null {
  return viewer?.expiresAt == null ? null : String(Math.floor(viewer.expiresAt / 1000))
}
