import { randomUUID } from "node:crypto"
import { setTimeout } from "node:timers/promises"
import type { IndexedChannel } from "@tributary/shared/catalogue/entry"
import { stateWatchers } from "@tributary/shared/lease/watchers"
import type { Logger } from "@tributary/shared/log/log"
import type { Ticket } from "@tributary/shared/ticket"
import type { Audience, LeaseKeeper } from "../session/lease-keeper.ts"
import type { Standing } from "../session/standing.ts"
import type { ConfigDirectory } from "../store/config-directory.ts"
import type { Upstream } from "../upstream/upstream.ts"
import { type AdmitAgainOptions, admitAgain } from "./admit-again.ts"
import type { Connector } from "./connector.ts"
import { isUnreachable, retryDelay } from "./failover-policy.ts"
import type { FailureAccounts } from "./failure-accounts.ts"
import type { CloseReason } from "./live-stream.ts"
import type { Failure } from "./obtain-result.ts"
import type { Opening } from "./opening.ts"
import { movedTicket } from "./outage.ts"

export interface OpenLiveOptions extends AdmitAgainOptions {
  keeper: LeaseKeeper
  config: ConfigDirectory
  connector: Connector
  accounts: FailureAccounts
  random: () => number
  logger: Logger
}

/** What an opening needs of the pool that it is for. */
export interface PoolSide {
  closeLease: (lease: string, reason: CloseReason) => Promise<void>
  /** Who watches a live stream here; null while it is not open. */
  audience: (key: string) => Audience | null
}

export type OpenedLive = { ok: true; ticket: Ticket; upstream: Upstream; channel: IndexedChannel | null }

/** A connection that broke off may be good a moment later. */
function isTransient(failure: Failure): boolean {
  return failure.code === "upstream_failed" && ["reset", "ended"].includes(failure.failure.code)
}

type NotOurs = { ok: false; code: "lost" } | { ok: false; code: "held-by"; streamer: string }

// Feeds and accounts of a channel that are tried for one viewer, one after the other.
const mostAttempts = 6

/** Opens the upstream of a live stream: on the lease of a ticket, and when that fails on what admission gives next. */
export class LiveOpener {
  readonly #options: OpenLiveOptions
  readonly #pool: PoolSide

  constructor(options: OpenLiveOptions, pool: PoolSide) {
    this.#options = options
    this.#pool = pool
  }

  /** A failure leaves no lease behind; the ticket of a result is the last one that was tried. */
  async open<Result>(
    first: Ticket,
    opening: Opening<Result>,
  ): Promise<(OpenedLive | Failure) & { ticket: Ticket }> {
    const { accounts, config, random } = this.#options
    const { maxRetries, retryDelay: longest } = config.settings
    let ticket = first
    let skip: string[] = []
    let rounds = 0
    let feedsFailed = false
    for (let attempt = 1; ; attempt++) {
      const result = await this.#try(ticket, opening)
      if (result.ok) return result
      if (result.code === "held-by") {
        // The player asked here in that one's place.
        ticket = { ...ticket, relay: result.streamer }
        continue
      }
      const isLost = result.code === "lost"
      if (!isLost && result.code !== "upstream_failed") return { ...result, ticket }
      if (!isLost) {
        const failed = await accounts.blame(ticket, result.failure)
        if (failed === null) return { ...result, ticket }
        await failed.noted
        skip.push(...failed.skip)
        feedsFailed ||= failed.skip.length > 0
        const own = isUnreachable(result.failure) ? await this.#takeOver(ticket) : null
        if (own !== null && attempt < mostAttempts && !opening.signal.aborted) {
          ticket = own
          continue
        }
      }
      const failure: Failure = isLost ? { ok: false, code: "store_unavailable" } : result
      if (attempt >= mostAttempts || opening.signal.aborted) return { ...failure, ticket }
      let again = await admitAgain(this.#options, ticket, skip)
      if (!again.ok && again.code === "refused" && isTransient(failure) && ++rounds < maxRetries) {
        await setTimeout(retryDelay(rounds, longest * 1000, random), undefined, {
          signal: opening.signal,
        }).catch(() => undefined)
        skip = []
        again = await admitAgain(this.#options, ticket, skip)
      }
      if (again.ok) ticket = again.ticket
      // That nothing else could be opened is no news beside why the feed failed.
      else return { ...(feedsFailed && again.code === "refused" ? failure : again), ticket }
    }
  }

  async #try<Result>(ticket: Ticket, opening: Opening<Result>): Promise<OpenedLive | Failure | NotOurs> {
    const { keeper, connector, findChannel } = this.#options
    // Both are asked at the same time: the player waits.
    const channel = findChannel(ticket.channel)
    channel.catch(() => undefined)
    const standing = await this.#hold(ticket)
    if (standing === "unknown") return { ok: false, code: "store_unavailable" }
    if (standing === "lost") return { ok: false, code: "lost" }
    if (typeof standing === "object") return { ok: false, code: "held-by", streamer: standing.heldBy }
    opening.lease = ticket.lease
    const result = await connector
      .connect(ticket, opening.signal, { isPatient: true, channel })
      .catch((): Failure => ({ ok: false, code: "store_unavailable" }))
    // The lease was lost, or everyone left, in the last moment.
    if (result.ok && opening.signal.aborted) await result.upstream.close()
    if (result.ok && !opening.signal.aborted) return { ...result, ticket }
    if (ticket.relay === null) await keeper.release(ticket.lease)
    else keeper.endRelay(ticket.lease)
    if (!result.ok) return result
    return { ok: false, code: "upstream_failed", failure: { code: "aborted" } }
  }

  /** What is relayed from another streamer needs no lease of ours. */
  async #hold(ticket: Ticket): Promise<Standing | { heldBy: string }> {
    const { keeper } = this.#options
    const { lease, source, profile, feed, key, yielded, session, viewer, relay, relayTo } = ticket
    if (lease === "") return "lost"
    if (relay !== null) return "held"
    // Of a ticket that was made here, after the first one failed; the pool has closed that one's.
    if (yielded !== null) await this.#pool.closeLease(yielded, "yielded")
    const audience = () => this.#pool.audience(key)
    return keeper.hold(
      { lease, source, profile, key, feed, yielded, audience },
      relayTo === null ? { session, viewer } : null,
    )
  }

  /** What a stream runs on whose origin is gone: its connection, from here. Null when there is nothing to take. */
  async #takeOver(ticket: Ticket): Promise<Ticket | null> {
    const { keeper, connector, findChannel } = this.#options
    const { relay: origin, session, viewer, relayTo } = ticket
    if (origin === null || relayTo !== null) return null
    const channel = await findChannel(ticket.channel).catch(() => null)
    if (channel === null) return null
    const one = { version: -1, watchers: stateWatchers([{ session, viewer }]) }
    const reply = await keeper.failOver(
      {
        ...{ move: randomUUID(), connection: ticket, channel, skip: [] },
        relay: { origin, isGone: true, newLease: randomUUID() },
      },
      () => this.#pool.audience(ticket.key) ?? one,
    )
    if (reply?.code !== "open" && reply?.code !== "relay") return null
    // The provider may count the origin's connection for a while, and that may only be cut off from here.
    connector.noteClosed(reply, false)
    return movedTicket(ticket, reply)
  }
}
