import { setTimeout } from "node:timers/promises"
import { reportRefusal } from "@tributary/shared/account/report"
import { feedFailed, feedOpened } from "@tributary/shared/lease/feed-health"
import type { Logger } from "@tributary/shared/log/log"
import type { Ticket } from "@tributary/shared/ticket"
import type { Redis } from "@upstash/redis"
import type { Audience, LeaseKeeper } from "../session/lease-keeper.ts"
import type { Standing } from "../session/standing.ts"
import type { ConfigDirectory } from "../store/config-directory.ts"
import { openFeed } from "../upstream/open-feed.ts"
import type { OpenRelay } from "../upstream/open-relay.ts"
import { describeFailure, type OpenUpstream, type Upstream } from "../upstream/upstream.ts"
import { type AdmitAgainOptions, admitAgain } from "./admit-again.ts"
import { blameFor } from "./blame.ts"
import type { CloseReason } from "./live-stream.ts"
import type { Failure } from "./obtain-result.ts"
import type { Opening } from "./opening.ts"

export interface OpenLiveOptions extends AdmitAgainOptions {
  redis: Pick<Redis, "del">
  keeper: LeaseKeeper
  config: ConfigDirectory
  openRelay: OpenRelay
  /** A provider refused a connection, so that what it says of the account is worth asking. */
  onRefusal: () => void
  now: () => number
  logger: Logger
}

/** What an opening needs of the pool that it is for. */
export interface PoolSide {
  closeLease: (lease: string, reason: CloseReason) => Promise<void>
  /** Who watches a live stream here; null while it is not open. */
  audience: (key: string) => Audience | null
}

export type OpenedLive = { ok: true; ticket: Ticket; upstream: Upstream }

// Providers count a connection a little longer than we hold it. Where one was closed just now on the same account, a
// refusal is asked again after each of these.
const lagMilliseconds = [150, 300, 600, 1_000, 1_500, 2_000]
const recentMilliseconds = 10_000

// Feeds and accounts of a channel that are tried for one viewer, one after the other.
const mostAttempts = 6

/** Opens the upstream of a live stream: on the lease of a ticket, and when that fails on what admission gives next. */
export class LiveOpener {
  readonly #options: OpenLiveOptions
  readonly #pool: PoolSide
  /** When a connection of a profile was closed here last, by source and profile. */
  readonly #closedAt = new Map<string, number>()

  constructor(options: OpenLiveOptions, pool: PoolSide) {
    this.#options = options
    this.#pool = pool
  }

  /** A connection of a profile is closed; its provider may not know it yet. */
  noteClosed({ source, profile }: { source: string; profile: string }): void {
    this.#closedAt.set(`${source}/${profile}`, this.#options.now())
  }

  /** A failure leaves no lease behind; the ticket of a result is the last one that was tried. */
  async open<Result>(
    first: Ticket,
    opening: Opening<Result>,
  ): Promise<(OpenedLive | Failure) & { ticket: Ticket }> {
    let ticket = first
    const skip: string[] = []
    for (let attempt = 1; ; attempt++) {
      const result = await this.#try(ticket, opening)
      if (result.ok) return result
      if (result.code !== "lost" && !(await this.#isWorthAnother(ticket, result, skip)))
        return { ...result, ticket }
      const failure: Failure = result.code === "lost" ? { ok: false, code: "store_unavailable" } : result
      if (attempt === mostAttempts || opening.signal.aborted) return { ...failure, ticket }
      const again = await admitAgain(this.#options, ticket, skip)
      if (again.ok) ticket = again.ticket
      // That nothing else could be opened is no news beside why the feed failed.
      else return { ...(skip.length > 0 && again.code === "refused" ? failure : again), ticket }
    }
  }

  async #try<Result>(
    ticket: Ticket,
    opening: Opening<Result>,
  ): Promise<OpenedLive | Failure | { ok: false; code: "lost" }> {
    const { keeper } = this.#options
    const standing = await this.#hold(ticket)
    if (standing === "unknown") return { ok: false, code: "store_unavailable" }
    if (standing === "lost") return { ok: false, code: "lost" }
    opening.lease = ticket.lease
    const result = await this.#connect(ticket, opening.signal).catch(
      (): Failure => ({ ok: false, code: "store_unavailable" }),
    )
    // The lease was lost, or everyone left, in the last moment.
    if (result.ok && opening.signal.aborted) await result.upstream.close()
    if (result.ok && !opening.signal.aborted) return result
    await keeper.release(ticket.lease)
    if (!result.ok) return result
    return { ok: false, code: "upstream_failed", failure: { code: "aborted" } }
  }

  /** What is relayed from another streamer needs no lease of ours. */
  async #hold(ticket: Ticket): Promise<Standing> {
    const { keeper } = this.#options
    const { lease, source, profile, feed, channel, yielded, session, viewer, relay, relayTo } = ticket
    if (lease === "") return "lost"
    if (relay !== null) return "held"
    // Of a ticket that was made here, after the first one failed; the pool has closed that one's.
    if (yielded !== null) await this.#pool.closeLease(yielded, "yielded")
    const audience = () => this.#pool.audience(channel)
    return keeper.hold(
      { lease, source, profile, key: channel, feed, yielded, audience },
      relayTo === null ? { session, viewer } : null,
    )
  }

  async #connect(ticket: Ticket, signal: AbortSignal): Promise<OpenedLive | Failure> {
    const { redis, config, findChannel, openRelay, now, logger } = this.#options
    const began = now()
    const ids = { channel: ticket.channel, lease: ticket.lease, source: ticket.source, feed: ticket.feed }
    let opened: OpenUpstream
    if (ticket.relay !== null) opened = await openRelay(ticket, ticket.relay, signal)
    else {
      const channel = await findChannel(ticket.channel)
      const feed = channel?.feeds.find((candidate) => candidate.id === ticket.feed)
      const source = feed && (await config.source(feed.source))
      if (!feed || !source) return { ok: false, code: "unknown_channel" }
      opened = await this.#untilNoticed(ticket, signal, () =>
        openFeed(feed, source, ticket.profile, config.settings, signal),
      )
    }
    if (!opened.ok) {
      logger.warn("upstream failed to open", { ...ids, failure: describeFailure(opened.failure) })
      return { ok: false, code: "upstream_failed", failure: opened.failure }
    }
    const milliseconds = Math.round(now() - began)
    logger.info("live stream opened", {
      ...ids,
      profile: ticket.profile,
      relayedFrom: ticket.relay,
      milliseconds,
    })
    if (ticket.failing)
      feedOpened(redis, ticket.feed).catch(() => logger.warn("a feed's failures could not be forgotten", ids))
    return { ...opened, ticket }
  }

  /** Asks again while a provider may not have noticed that a connection of this account has ended. */
  async #untilNoticed(
    { source, profile, yielded }: Ticket,
    signal: AbortSignal,
    open: () => Promise<OpenUpstream>,
  ): Promise<OpenUpstream> {
    const closedAt = this.#closedAt.get(`${source}/${profile}`)
    const isRecent = closedAt !== undefined && this.#options.now() - closedAt < recentMilliseconds
    let opened = await open()
    if (yielded === null && !isRecent) return opened
    for (const milliseconds of lagMilliseconds) {
      if (opened.ok || blameFor(opened.failure) !== "profile" || signal.aborted) break
      await setTimeout(milliseconds, undefined, { signal }).catch(() => undefined)
      if (!signal.aborted) opened = await open()
    }
    return opened
  }

  /** Whether another account or feed is to be tried after a failure, which is kept in mind for others too. */
  async #isWorthAnother(ticket: Ticket, result: Failure, skip: string[]): Promise<boolean> {
    const { run, config, onRefusal, logger } = this.#options
    if (result.code !== "upstream_failed") return false
    const { source, profile, feed, relay } = ticket
    // The origin may have closed just now: then the channel is to be opened here.
    if (relay !== null) return result.failure.code !== "aborted"
    const blame = blameFor(result.failure)
    if (result.failure.code === "bad_address") {
      skip.push(feed)
      return true
    }
    if (blame === "nobody") return false
    if (blame === "profile") {
      await reportRefusal(run, { source, profile }).catch(() => undefined)
      onRefusal()
      return true
    }
    const health = await feedFailed(run, feed, config.settings.maxFailuresBeforeBlock).catch(() => null)
    if (health !== null && health.blocks > 0)
      logger.warn("a feed is blocked", { channel: ticket.channel, source, feed, ...health })
    skip.push(feed)
    return true
  }
}
