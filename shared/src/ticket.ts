import { errors, jwtVerify, SignJWT } from "jose"
import * as z from "zod"
import type { Admitted } from "./lease/admit.ts"
import type { Keys } from "./secrets/keys.ts"

/** How long players may reconnect to the address they were redirected to. */
export const ticketSeconds = 6 * 3600

const ticketSchema = z.object({
  /** Channel id. */
  channel: z.string(),
  /** Of the live stream: the channel, or `channel~owner` where it is not shared. */
  key: z.string(),
  /** The streamer instance that was chosen. */
  streamer: z.string(),
  /** The lease under which the live stream runs, or is to be opened. */
  lease: z.string(),
  source: z.string(),
  profile: z.string(),
  feed: z.string(),
  /** The viewer's username; null when the playlist is public. */
  viewer: z.string().nullable(),
  session: z.string(),
  /** The lease whose connection is closed before the new one is opened: of an idle stream, or of the viewer's own. */
  yielded: z.string().nullable(),
  /** The streamer that holds the upstream connection, when it is another: relay from it. */
  relay: z.string().nullable().default(null),
  /** The streamer that relays, when this is its own ticket for the one that holds the connection. */
  relayTo: z.string().nullable().default(null),
  /** Sessions of the viewer that have ended for this one. */
  ends: z.array(z.string()).default([]),
  /** The feed failed lately; when it opens, that is forgotten. */
  failing: z.boolean().default(false),
  /** Transcode profile; null: the stream as it comes. */
  transcode: z.string().nullable().default(null),
  /** What of the channel's past is played: from Unix seconds on, for so many seconds. Null: it is not the past. */
  catchup: z.object({ start: z.number(), seconds: z.number() }).nullable().default(null),
  /** Redis milliseconds of the admission. */
  at: z.number().default(0),
})

/** What to play for whom. It names ids only: no address, no credential. */
export type Ticket = z.output<typeof ticketSchema>

/** What of a channel is played, and as what. */
export type Wanted = Pick<Ticket, "transcode" | "catchup">

const asItComes: Wanted = { transcode: null, catchup: null }

/** The ticket that an admission gives. */
export function ticketFrom(admitted: Admitted, channel: string, wanted: Wanted = asItComes): Ticket {
  const { streamer, key, lease, source, profile, feed, viewer, session, yielded, relay, ends } = admitted
  const relayTo = null
  const { transcode, catchup } = wanted
  return {
    ...{
      channel,
      key,
      streamer,
      lease,
      source,
      profile,
      feed,
      viewer,
      session,
      yielded,
      relay,
      relayTo,
      ends,
    },
    ...{ failing: admitted.failing, at: admitted.at, transcode, catchup },
  }
}

export type TicketResult =
  | { ok: true; ticket: Ticket; issuedAtSeconds: number }
  | { ok: false; code: "bad_ticket" | "ticket_expired" }

/** Signs a ticket (JWT, HS256, RFC 7519). `nowSeconds` is Unix time. */
export function signTicket(keys: Keys, ticket: Ticket, nowSeconds: number): Promise<string> {
  return new SignJWT({ ...ticket })
    .setProtectedHeader({ alg: "HS256" })
    .setAudience("streamer")
    .setIssuedAt(nowSeconds)
    .setExpirationTime(nowSeconds + ticketSeconds)
    .sign(keys.signing)
}

/** Checks signature, audience, expiry and shape; allows a minute of clock difference between machines. */
export async function verifyTicket(keys: Keys, text: string, nowSeconds: number): Promise<TicketResult> {
  try {
    const { payload } = await jwtVerify(text, keys.signing, {
      audience: "streamer",
      algorithms: ["HS256"],
      currentDate: new Date(nowSeconds * 1000),
      clockTolerance: 60,
    })
    const parsed = ticketSchema.safeParse(payload)
    if (!parsed.success) return { ok: false, code: "bad_ticket" }
    return { ok: true, ticket: parsed.data, issuedAtSeconds: payload.iat ?? nowSeconds }
  } catch (error) {
    return { ok: false, code: error instanceof errors.JWTExpired ? "ticket_expired" : "bad_ticket" }
  }
}

/** Signs what lets a streamer serve one channel's logo; it holds no more than the channel id. */
export function signLogoTicket(keys: Keys, channel: string, nowSeconds: number): Promise<string> {
  return new SignJWT({ channel })
    .setProtectedHeader({ alg: "HS256" })
    .setAudience("logo")
    .setExpirationTime(nowSeconds + ticketSeconds)
    .sign(keys.signing)
}

/** The channel id of a logo ticket; null when it is not valid (any more). */
export async function verifyLogoTicket(keys: Keys, text: string, nowSeconds: number): Promise<string | null> {
  const currentDate = new Date(nowSeconds * 1000)
  const options = { audience: "logo", algorithms: ["HS256"], currentDate, clockTolerance: 60 }
  const payload = await jwtVerify(text, keys.signing, options).then(
    (verified) => verified.payload,
    () => null,
  )
  return typeof payload?.channel === "string" ? payload.channel : null
}
