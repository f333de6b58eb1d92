import type { ServerResponse } from "node:http"
import { errorResponse } from "@tributary/shared/http/errors"
import { refusalResponse } from "@tributary/shared/lease/refusal"
import type { Keys } from "@tributary/shared/secrets/keys"
import { signTicket, type Ticket, type TicketResult, ticketFrom } from "@tributary/shared/ticket"
import type { Failure } from "../pool/obtain-result.ts"
import { describeFailure } from "../upstream/upstream.ts"

/** The session that was made with a ticket lives longer than this without a player. */
export const freshMilliseconds = 10_000

/** The answer to a ticket that is none, or not any more. */
export function badTicket({ code }: Extract<TicketResult, { ok: false }>): Response {
  const message =
    code === "ticket_expired" ? "This ticket has expired; ask the edge again." : "Not a valid ticket."
  return errorResponse(code, message)
}

/** Aborts when the player's connection is gone. */
export function leaving(outgoing: ServerResponse): AbortSignal {
  const gone = new AbortController()
  outgoing.once("close", () => gone.abort())
  if (outgoing.destroyed) gone.abort()
  return gone.signal
}

/** Where and for what a ticket was shown. */
export interface AskedAt {
  /** What the ticket is for, at the beginning of a sentence. */
  named: "The channel" | "What you asked for"
  /** The path of what was asked for, with this ticket in the place of the one it was asked with. */
  pathOf: (text: string) => string
  /** Unix milliseconds. */
  now: () => number
}

/** Why what a ticket names is not played here, or the way to where it is. */
export async function notObtained(
  keys: Keys,
  ticket: Ticket,
  failure: Failure,
  { named, pathOf, now }: AskedAt,
): Promise<Response> {
  switch (failure.code) {
    case "elsewhere": {
      const { admitted } = failure
      const again = ticketFrom(admitted, ticket.channel, ticket)
      const text = await signTicket(keys, again, Math.floor(now() / 1000))
      const location = `${admitted.address}${pathOf(text)}`
      return new Response(null, { status: 302, headers: { location, "access-control-allow-origin": "*" } })
    }
    case "unknown_channel":
      return errorResponse("unknown_channel", `${named} is not in the catalogue any more.`)
    case "store_unavailable":
      return errorResponse("store_unavailable", "The store does not answer; try again soon.", 5)
    case "upstream_failed":
      return errorResponse(
        "upstream_failed",
        `${named} did not open: ${describeFailure(failure.failure)}.`,
        5,
      )
    case "refused":
      return refusalResponse(failure.admission)
  }
}
