import { randomUUID } from "node:crypto"
import { setTimeout } from "node:timers/promises"
import type { IndexedChannel } from "@tributary/shared/catalogue/entry"
import type { FailOverReply } from "@tributary/shared/lease/fail-over"
import type { Ticket } from "@tributary/shared/ticket"
import type { Audience } from "../session/lease-keeper.ts"
import type { Upstream, UpstreamFailure } from "../upstream/upstream.ts"
import { blameFor } from "./blame.ts"
import { isUnreachable, quickMilliseconds, retryDelay } from "./failover-policy.ts"
import { Reading } from "./reading.ts"
import type { SupplyOptions } from "./supply.ts"

/** The stream whose upstream has failed. */
export interface OutageSide {
  /** Aborts when the stream closes, or has been without a picture for too long. */
  signal: AbortSignal
  isWatched(): boolean
  audience(): Audience
  /** As it was last known; null while it never was. */
  channel(): Promise<IndexedChannel | null>
  /** The stream runs on this connection from now on. */
  move(ticket: Ticket): void
  read(upstream: Upstream): Reading
  /** Resolves when a reading's sockets are gone. */
  end(reading: Reading): Promise<void>
}

/** How the outage began. */
export interface OutageStart {
  failure: UpstreamFailure
  /**
   * What comes first. "again": the feed that broke off, once; "next": the others; "move": the store, since the
   * connection is somebody else's by now.
   */
  first: "again" | "next" | "move"
  /** Feeds that are not to be tried in this stream any more: their providers say that they are over. */
  finished: readonly string[]
}

// The wait for a feed's next turn is cut into pieces, after each of which another one may have room.
const pieceMilliseconds = 1_000

/** From a failure to the next picture: feeds are tried, round after round. */
export class Outage {
  readonly #options: SupplyOptions
  readonly #side: OutageSide
  readonly #start: OutageStart
  #ticket: Ticket
  /** The newest. */
  #failure: UpstreamFailure
  /** What has failed in this round (candidates.lua). */
  #skip: string[]
  /** The connection of the ticket is not this stream's (any more). */
  #isLost: boolean
  /** A move that the store was asked for and did not answer. */
  #unanswered: string | null = null
  /** The lease of the origin that it was to be relayed from again. */
  #relayed: string | null = null
  /** Whether a provider that refuses is asked again for some seconds. */
  #isPatient = false

  constructor(options: SupplyOptions, side: OutageSide, ticket: Ticket, start: OutageStart) {
    this.#options = options
    this.#side = side
    this.#ticket = ticket
    this.#start = start
    this.#failure = start.failure
    this.#skip = [...start.finished]
    this.#isLost = start.first === "move"
  }

  /** The next reading that gives a picture; null when none did for too long, or nobody watches any more. */
  async survive(): Promise<Reading | "lease-lost" | null> {
    const { first, finished } = this.#start
    const { feed, profile } = this.#ticket
    if (first === "again") {
      const again = await this.#again()
      if (again !== null) return again
    } else if (first === "next") this.#skip.push(feed)
    for (let round = 1; ; round++) {
      const next = await this.#nextFeeds()
      if (next !== null) return next
      // The same feed on another account, and after all others its own turn again.
      this.#skip = round === 1 ? [...finished, `${feed}/${profile}`] : [...finished]
      const other = (await this.#nextFeeds()) ?? (round > 1 ? await this.#own() : null)
      if (other !== null) return other
      if (this.#side.signal.aborted || !this.#side.isWatched() || (await this.#isOver())) return null
      const later = await this.#wait(round)
      if (later !== null) return later
      this.#skip = [...finished]
    }
  }

  /** Until the next round, which begins a little later each time; others may get room meanwhile. */
  async #wait(round: number): Promise<Reading | "lease-lost" | null> {
    const { config, random, monotonic } = this.#options
    const { signal } = this.#side
    const until = monotonic() + retryDelay(round, config.settings.retryDelay * 1000, random)
    while (monotonic() < until) {
      const milliseconds = Math.min(pieceMilliseconds, until - monotonic())
      await setTimeout(milliseconds, undefined, { signal }).catch(() => undefined)
      if (signal.aborted || !this.#side.isWatched()) return null
      if (until - monotonic() < pieceMilliseconds / 2) continue
      if (!this.#isLost) this.#skip.push(this.#ticket.feed)
      const other = await this.#nextFeeds()
      if (other !== null) return other
    }
    return null
  }

  /** What the lease is for, also where the store would give it to nobody now, and a provider takes its time. */
  async #own(): Promise<Reading | null> {
    // While it is not known where its lease is, nothing may be opened on it.
    const isKnown = this.#unanswered === null && !this.#isLost
    if (!isKnown || this.#start.finished.includes(this.#ticket.feed)) return null
    this.#isPatient = true
    const result = await this.#try(null)
    if (!(result instanceof Reading) && !this.#side.signal.aborted) await this.#account(result)
    this.#isPatient = false
    return result instanceof Reading ? result : null
  }

  /** The feed that broke off, once and as quickly as others could take its place; later its turn comes again. */
  async #again(): Promise<Reading | null> {
    const result = await this.#try(quickMilliseconds)
    if (result instanceof Reading) return result
    // That it did not answer in so short a time is no reason of its own.
    if (!this.#side.signal.aborted) await this.#account(result.code === "aborted" ? this.#failure : result)
    return null
  }

  /** Whatever the store says has room now, one after the other; null when nothing (any more) has. */
  async #nextFeeds(): Promise<Reading | "lease-lost" | null> {
    const { signal } = this.#side
    while (!signal.aborted && this.#side.isWatched()) {
      const moved = await this.#move()
      if (moved === "lost") return "lease-lost"
      if (moved === "none") return null
      const result = await this.#try(null)
      if (result instanceof Reading) return result
      if (!signal.aborted) await this.#account(result)
    }
    return null
  }

  /** Whether every feed of the channel is over for good. */
  async #isOver(): Promise<boolean> {
    const { finished } = this.#start
    if (finished.length === 0) return false
    const channel = await this.#side.channel()
    return channel?.feeds.every(({ id }) => finished.includes(id)) ?? false
  }

  async #account(failure: UpstreamFailure): Promise<void> {
    const { accounts, connector } = this.#options
    this.#failure = failure
    const { feed, source, profile, relay } = this.#ticket
    // Its provider may only not have noticed yet that the last connection is closed: that is no refusal.
    const isLagging = relay === null && !this.#isPatient && connector.isRecentlyClosed(this.#ticket)
    if (isLagging && blameFor(failure) === "profile") {
      const channel = await this.#side.channel()
      const feeds = channel?.feeds.filter((each) => each.source === source) ?? []
      this.#skip.push(`${feed}/${profile}`, ...feeds.map(({ id }) => `${id}/${profile}`))
      return
    }
    const blamed = await accounts.blame(this.#ticket, failure)
    this.#skip.push(...(blamed?.skip ?? [feed]))
    this.#go({ ...this.#ticket, failing: true })
  }

  #go(ticket: Ticket): void {
    this.#ticket = ticket
    this.#side.move(ticket)
  }

  /** Asks the store for the next connection. */
  async #move(): Promise<"moved" | "none" | "lost"> {
    const { keeper, closeLease } = this.#options
    const before = this.#ticket
    const channel = await this.#side.channel()
    if (channel === null) return "none"
    const isGone = isUnreachable(this.#failure)
    const relayed = before.relay === null ? null : { origin: before.relay, isGone, newLease: randomUUID() }
    const move = this.#unanswered ?? randomUUID()
    const request = { move, connection: before, channel, skip: this.#skip, relay: relayed }
    const reply = await keeper.failOver(request, () => this.#side.audience())
    this.#unanswered = reply === null ? move : null
    if (reply === null || reply.code === "none") return "none"
    if (reply.code !== "open" && reply.code !== "relay") return "lost"
    // The same origin, which has just failed: it may be about to say that it closes.
    const isSameOrigin = reply.code === "relay" && reply.streamer === before.relay
    if (isSameOrigin && reply.lease === this.#relayed) return "none"
    if (reply.code === "relay") this.#relayed = reply.lease
    this.#isLost = false
    this.#go(movedTicket(before, reply))
    const { yielded } = this.#ticket
    if (yielded !== null) await closeLease(yielded, "yielded")
    return "moved"
  }

  /** Opens what the ticket names and waits for its first picture: for so many milliseconds, or as long as there are. */
  async #try(patience: number | null): Promise<Reading | UpstreamFailure> {
    const { signal: late } = this.#side
    const signal = patience === null ? late : AbortSignal.any([late, AbortSignal.timeout(patience)])
    const asked = { isPatient: this.#isPatient, channel: this.#side.channel() }
    const connected = await this.#options.connector.connect(this.#ticket, signal, asked).catch(() => null)
    if (connected === null || !connected.ok)
      return connected?.code === "upstream_failed" ? connected.failure : { code: "aborted" }
    const reading = this.#side.read(connected.upstream)
    const gaveUp = Promise.withResolvers<UpstreamFailure>()
    const giveUp = () => gaveUp.resolve({ code: "aborted" })
    signal.addEventListener("abort", giveUp, { once: true })
    if (signal.aborted) giveUp()
    const first = await Promise.race([reading.begun, reading.ended, gaveUp.promise])
    signal.removeEventListener("abort", giveUp)
    if (first === undefined && !late.aborted) return reading
    await this.#side.end(reading)
    return first ?? { code: "aborted" }
  }
}

/** A stream's ticket for where the store has moved it. */
export function movedTicket(
  before: Ticket,
  reply: Extract<FailOverReply, { code: "open" | "relay" }>,
): Ticket {
  const { lease, source, profile, feed } = reply
  const isRelay = reply.code === "relay"
  return {
    ...{ ...before, lease, source, profile, feed, ends: [] },
    relay: isRelay ? reply.streamer : null,
    yielded: isRelay ? null : reply.yielded,
    failing: !isRelay && reply.failing,
  }
}
