import * as z from "zod"
import { keys } from "../store/keys.ts"
import { ticketSeconds } from "../ticket.ts"
import type { RunScript } from "./scripts.ts"

/** A session that was ended is not taken up again with its ticket: remembered for as long as that lasts, and a while. */
export const endedMilliseconds = (ticketSeconds + 120) * 1000

/** What the member of a viewer's session says of it. */
export interface SessionMember {
  /** Digest of the network address that it was asked for from. */
  address: string
  /** As it was admitted: a channel's past has a name of its own (`pastOf`). */
  channel: string
  session: string
  /** Redis milliseconds of its admission. */
  born: number
}

/** Reads a member (`address/channel/session/born`); null for any other text. */
export function parseSession(member: string): SessionMember | null {
  const [, address = "", channel = "", session = "", born = ""] =
    /^([^/]*)\/([^/]+)\/([^/]+)\/(\d{1,15})$/.exec(member) ?? []
  return channel === "" ? null : { address, channel, session, born: Number(born) }
}

const listsSchema = z.array(z.array(z.string()).nullable())

/** The members of the sessions that each of these viewers has now, in their order; one round trip. */
export async function listSessions(run: RunScript, usernames: readonly string[]): Promise<string[][]> {
  if (usernames.length === 0) return []
  const reply = await run("listSessions", usernames.map(keys.sessions), [])
  return listsSchema.parse(JSON.parse(reply)).map((members) => members ?? [])
}

/**
 * Ends a session: its streamer cuts its player off at the next heartbeat, and its ticket is refused from then on. False
 * when there is none. Safe to repeat.
 */
export async function endSession(run: RunScript, username: string, member: string): Promise<boolean> {
  const reply = await run(
    "endSession",
    [keys.sessions(username), keys.endedSessions(username), keys.live],
    [member, String(endedMilliseconds)],
  )
  return Number(reply) === 1
}
