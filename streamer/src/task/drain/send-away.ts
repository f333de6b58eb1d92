import type { HttpBindings } from "@hono/node-server"
import type { Keys } from "@tributary/shared/secrets/keys"
import { verifyTicket } from "@tributary/shared/ticket"
import type { MiddlewareHandler } from "hono"
import type { Drain } from "./drain.ts"

export interface SendAwayOptions {
  keys: Keys
  drain: Pick<Drain, "isDraining" | "plays" | "destination" | "handOver">
  /** Unix milliseconds. */
  now: () => number
}

/**
 * While a streamer drains: whoever comes with a ticket for what does not play here is redirected to a streamer that
 * takes them, with the same ticket. HLS moves while it plays: its playlist is asked for there, and the segments that
 * were listed here are given until the session ends. Who finds no other streamer is served here.
 */
export function sendAway({
  keys,
  drain,
  now,
}: SendAwayOptions): MiddlewareHandler<{ Bindings: HttpBindings }> {
  return async (context, next) => {
    const { pathname, search } = new URL(context.req.url)
    if (!drain.isDraining || context.req.method === "HEAD" || isSegment(pathname)) return next()
    const verified = await verifyTicket(keys, ticketIn(pathname), now() / 1000)
    // A streamer that relays from here goes on by itself when the stream closes.
    if (!verified.ok || verified.ticket.relayTo !== null) return next()
    const { ticket } = verified
    if (!pathname.endsWith(".m3u8") && drain.plays(ticket)) return next()
    const destination = await drain.destination(ticket.key)
    if (destination === null) return next()
    drain.handOver(ticket)
    const location = `${destination.address}${pathname}${search}`
    const headers = { location, "cache-control": "no-store", "access-control-allow-origin": "*" }
    return new Response(null, { status: 307, headers })
  }
}

const isSegment = (pathname: string) => /^\/live\/[^/]+\/.*\d+\.ts$/.test(pathname)

/** The JWT in `/live/{ticket}.ts`, `/live/{ticket}/{profile}.m3u8` or `/vod/{ticket}.{extension}`: its three parts. */
function ticketIn(pathname: string): string {
  const [, , segment = ""] = pathname.split("/")
  return segment.split(".").slice(0, 3).join(".")
}
