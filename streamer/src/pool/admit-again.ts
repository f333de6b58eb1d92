import { randomUUID } from "node:crypto"
import type { Feed, IndexedChannel } from "@tributary/shared/catalogue/entry"
import { admit, isAdmitted, partsOfKey } from "@tributary/shared/lease/admit"
import type { RunScript } from "@tributary/shared/lease/scripts"
import { type Ticket, ticketFrom } from "@tributary/shared/ticket"
import type { Failure } from "./obtain-result.ts"

export interface AdmitAgainOptions {
  run: RunScript
  streamer: string
  /** A channel's feeds, from the edge; null when the catalogue does not have it any more. */
  findChannel: (id: string) => Promise<IndexedChannel | null>
}

/**
 * A new lease and session for an old ticket, or for one whose feed did not open, when its viewer may still watch.
 * It never takes the place of what the viewer plays elsewhere: only a click may do that.
 */
export async function admitAgain(
  { run, streamer, findChannel }: AdmitAgainOptions,
  ticket: Ticket,
  skip: readonly string[] = [],
): Promise<{ ok: true; ticket: Ticket } | Failure> {
  // The streamer that relays knows its viewers, and has them admitted itself.
  if (ticket.relayTo !== null) return { ok: false, code: "refused", admission: { code: "no_streamer" } }
  const channel = await findChannel(ticket.channel).catch(() => undefined)
  if (channel === undefined) return { ok: false, code: "store_unavailable" }
  if (channel === null) return { ok: false, code: "unknown_channel" }
  const [address = "", , session = randomUUID()] = ticket.session.split("/")
  const { channel: admittedAs, owner } = partsOfKey(ticket.key)
  const isSolo = owner !== undefined && (channel.kind !== undefined || ticket.catchup !== null)
  const admission = await admit(run, {
    lease: randomUUID(),
    session,
    viewer: ticket.viewer === null ? null : { username: ticket.viewer, check: "trusted" },
    resumes: ticket.session,
    address,
    channelId: admittedAs,
    channel: { ...channel, feeds: feedsFor(channel, ticket) },
    ...(isSolo ? { owner } : {}),
    region: "",
    prefer: streamer,
    skip,
    takeOver: false,
  }).catch(() => null)
  if (admission === null) return { ok: false, code: "store_unavailable" }
  if (!isAdmitted(admission)) return { ok: false, code: "refused", admission }
  if (admission.streamer !== streamer) return { ok: false, code: "elsewhere", admitted: admission }
  return { ok: true, ticket: ticketFrom(admission, ticket.channel, ticket) }
}

/** Those that may have what the ticket is for. */
function feedsFor({ feeds }: IndexedChannel, { catchup }: Ticket): Feed[] {
  return catchup === null ? feeds : feeds.filter((feed) => feed.catchup !== undefined)
}
