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

/** Why what a ticket names is not played here; `extension` is that of the address it was asked at, in `folder`. */
export async function notObtained(
  keys: Keys,
  ticket: Ticket,
  failure: Failure,
  { folder = "live", extension, now }: { folder?: "live" | "vod"; extension: string; now: () => number },
): Promise<Response> {
  const [these, it] = folder === "live" ? ["This channel", "The channel"] : ["This", "It"]
  switch (failure.code) {
    case "elsewhere": {
      const { admitted } = failure
      const again = ticketFrom(admitted, ticket.channel, ticket)
      const text = await signTicket(keys, again, Math.floor(now() / 1000))
      const location = `${admitted.address}/${folder}/${text}.${extension}`
      return new Response(null, { status: 302, headers: { location } })
    }
    case "unknown_channel":
      return errorResponse("unknown_channel", `${these} is not in the catalogue any more.`)
    case "store_unavailable":
      return errorResponse("store_unavailable", "The store does not answer; try again soon.", 5)
    case "upstream_failed":
      return errorResponse("upstream_failed", `${it} did not open: ${describeFailure(failure.failure)}.`, 5)
    case "refused":
      return refusalResponse(failure.admission)
  }
}
