import type { ViewerSession } from "@tributary/shared/admin-api/viewers"
import { errorResponse } from "@tributary/shared/http/errors"
import { channelOfPast, liveKey } from "@tributary/shared/lease/admit"
import {
  endSession,
  listSessions,
  parseSession,
  type SessionMember,
} from "@tributary/shared/lease/viewer-sessions"
import { keys } from "@tributary/shared/store/keys"
import type { LiveRecord } from "@tributary/shared/store/records"
import { readViewer } from "@tributary/shared/store/save-viewer"
import type { Context } from "hono"
import { findPlayable } from "../../admission/find-requested.ts"
import { type Edge, edgeOf } from "../../edge.ts"
import { fromStore } from "../../store-unavailable.ts"
import type { AdminEnvironment } from "../session/require-admin.ts"
import { noViewer, usernameOf } from "./viewers.ts"

type Request = Context<AdminEnvironment>

/** `GET /api/viewers/{username}/sessions`: what the viewer plays now, the newest first. */
export async function getViewerSessions(context: Request): Promise<Response> {
  const edge = await edgeOf(context.env)
  const username = usernameOf(context)
  if ((await fromStore(readViewer(edge.redis, username))) === null) return noViewer(username)
  const [members = []] = await listSessions(edge.run, [username])
  const sessions = members.flatMap((member) => {
    const session = parseSession(member)
    return session === null ? [] : [{ ...session, member }]
  })
  sessions.sort((one, two) => two.born - one.born)
  const streamers = await streamersOf(edge, sessions)
  const rows = sessions.map(async ({ address, channel, born, member }, at): Promise<ViewerSession> => {
    const past = channelOfPast(channel)
    const id = past ?? channel
    const found = (await findPlayable(edge, id))?.channel ?? null
    const kind =
      found === null || found.kind === "series" ? null : past !== null ? "catchup" : (found.kind ?? "live")
    return {
      ...{ id: idOf(member), channel: id, channelName: found?.name ?? null, kind },
      ...{ streamer: streamers[at] ?? null, since: born, addressDigest: address },
    }
  })
  return context.json(await Promise.all(rows))
}

/**
 * `DELETE /api/viewers/{username}/sessions/{session}`: its player is cut off at its streamer's next heartbeat, within
 * five seconds, and the address that it was redirected to lets it in no more. A new click may.
 */
export async function deleteViewerSession(context: Request): Promise<Response> {
  const edge = await edgeOf(context.env)
  const username = usernameOf(context)
  const id = context.req.param("session") ?? ""
  const member = id.replaceAll("~", "/")
  const isEnded = parseSession(member) !== null && (await endSession(edge.run, username, member))
  return isEnded
    ? context.json({ ended: true })
    : errorResponse("not_found", `The viewer "${username}" has no session "${id}".`)
}

// A member's slashes would have to be encoded in a path; no part of it holds a tilde.
const idOf = (member: string) => member.replaceAll("/", "~")

type Playing = SessionMember & { member: string }

/** Where each of these sessions plays, as far as its live stream's record says so. */
async function streamersOf(edge: Edge, sessions: readonly Playing[]): Promise<(string | null)[]> {
  if (sessions.length === 0) return []
  // The channel's stream, or where it is not shared the session's own.
  const names = sessions.flatMap(({ channel, session }) => [liveKey(channel), liveKey(channel, session)])
  const reply: unknown = await fromStore(edge.redis.hmget(keys.live, ...names))
  const texts: unknown[] = Array.isArray(reply) ? reply : []
  return sessions.map(({ member }, at) => {
    const records = texts
      .slice(2 * at, 2 * at + 2)
      .flatMap((text) => (typeof text === "string" ? [text] : []))
    return (
      records.map((text) => whereIn(JSON.parse(text) as LiveRecord, member)).find((one) => one !== null) ??
      null
    )
  })
}

/** Of more viewers than are listed one by one, a record says only at which streamers they are. */
function whereIn({ watchers, crowds }: LiveRecord, member: string): string | null {
  const listed = watchers[member]?.[0]
  if (listed !== undefined) return listed
  const crowded = Object.keys(crowds)
  return crowded.length === 1 ? (crowded[0] ?? null) : null
}
