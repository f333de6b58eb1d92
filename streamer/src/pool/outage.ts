import { randomUUID } from "node:crypto"
import { setTimeout } from "node:timers/promises"
import type { Ticket } from "@tributary/shared/ticket"
import type { Audience } from "../session/lease-keeper.ts"
import type { Upstream, UpstreamFailure } from "../upstream/upstream.ts"
import { isUnreachable, isWorthRetry, quickMilliseconds, retryDelay } from "./failover-policy.ts"
import { Reading } from "./reading.ts"
import type { SupplyOptions } from "./supply.ts"

/** The stream whose upstream has failed. */
export interface OutageSide {
  /** Aborts when the stream closes, or has been without a picture for too long. */
  signal: AbortSignal
  isWatched(): boolean
  audience(): Audience
  /** The stream runs on this connection from now on. */
  move(ticket: Ticket): void
  read(upstream: Upstream): Reading
  /** Resolves when a reading's sockets are gone. */
  end(reading: Reading): Promise<void>
}

// The wait for a feed's next turn is cut into pieces, after each of which another one may have room.
const pieceMilliseconds = 1_000

/** From a failure to the next picture: feeds are tried, round after round. */
export class Outage {
  readonly #options: SupplyOptions
  readonly #side: OutageSide
  #ticket: Ticket
  /** The newest. */
  #failure: UpstreamFailure
  /** What has failed in this round (candidates.lua). */
  #skip: string[] = []
  /** The lease of the origin that it was to be relayed from again. */
  #relayed: string | null = null

  constructor(options: SupplyOptions, side: OutageSide, ticket: Ticket, failure: UpstreamFailure) {
    this.#options = options
    this.#side = side
    this.#ticket = ticket
    this.#failure = failure
  }

  /** The next reading that gives a picture; null when none did for too long, or nobody watches any more. */
  async survive(before: {
    isManual: boolean
    playedMilliseconds: number
  }): Promise<Reading | "lease-lost" | null> {
    const { config, random, monotonic } = this.#options
    const { signal } = this.#side
    const isRelayed = this.#ticket.relay !== null
    const isOneTry = config.settings.maxRetries < 2 && !isRelayed
    if (before.isManual) this.#skip.push(this.#ticket.feed)
    else if (!isOneTry && (isRelayed || isWorthRetry(this.#failure, before.playedMilliseconds))) {
      const again = await this.#again()
      if (again !== null) return again
    } else await this.#account(this.#failure)
    for (let round = 1; ; round++) {
      const next = await this.#nextFeeds()
      if (next !== null) return next
      const until = monotonic() + retryDelay(round, config.settings.retryDelay * 1000, random)
      // After the last feed the first one's turn comes again; while that is not yet, others may get room.
      while (monotonic() < until) {
        const milliseconds = Math.min(pieceMilliseconds, until - monotonic())
        await setTimeout(milliseconds, undefined, { signal }).catch(() => undefined)
        if (signal.aborted || !this.#side.isWatched()) return null
        this.#skip.push(this.#ticket.feed)
        const other = await this.#nextFeeds()
        if (other !== null) return other
      }
      this.#skip = []
      const first = await this.#nextFeeds({ withOwn: true })
      if (first !== null) return first
    }
  }

  /** The feed that broke off, once and as quickly as others could take its place; later its turn comes again. */
  async #again(): Promise<Reading | null> {
    const result = await this.#try(quickMilliseconds)
    if (result instanceof Reading) return result
    // That it did not answer in so short a time is no reason of its own.
    if (!this.#side.signal.aborted) await this.#account(result.code === "aborted" ? this.#failure : result)
    return null
  }

  /**
   * Whatever the store says has room now, one after the other; null when nothing (any more) has. With `withOwn` the
   * feed that the lease is for is tried also where the store would give it to nobody now.
   */
  async #nextFeeds({ withOwn } = { withOwn: false }): Promise<Reading | "lease-lost" | null> {
    const { signal } = this.#side
    let isOwnDue = withOwn
    while (!signal.aborted && this.#side.isWatched()) {
      const moved = await this.#move()
      if (moved === "lost") return "lease-lost"
      if (moved === "none" && !isOwnDue) return null
      isOwnDue = false
      const result = await this.#try(null)
      if (result instanceof Reading) return result
      if (!signal.aborted) await this.#account(result)
    }
    return null
  }

  async #account(failure: UpstreamFailure): Promise<void> {
    this.#failure = failure
    const blamed = await this.#options.accounts.blame(this.#ticket, failure)
    this.#skip.push(...(blamed?.skip ?? [this.#ticket.feed]))
    this.#go({ ...this.#ticket, failing: true })
  }

  #go(ticket: Ticket): void {
    this.#ticket = ticket
    this.#side.move(ticket)
  }

  /** Asks the store for the next connection. */
  async #move(): Promise<"moved" | "none" | "lost"> {
    const { keeper, findChannel, closeLease } = this.#options
    const before = this.#ticket
    const channel = await findChannel(before.channel).catch(() => null)
    if (channel === null) return "none"
    const isGone = isUnreachable(this.#failure)
    const relayed = before.relay === null ? null : { origin: before.relay, isGone, newLease: randomUUID() }
    const request = { move: randomUUID(), connection: before, channel, skip: this.#skip, relay: relayed }
    const reply = await keeper.failOver(request, () => this.#side.audience())
    if (reply === null || reply.code === "none") return "none"
    if (reply.code === "lost") return "lost"
    const { lease, source, profile, feed } = reply
    const relay = reply.code === "relay" ? reply.streamer : null
    // The same origin, which has just failed: it may be about to say that it closes.
    if (relay !== null && relay === before.relay && lease === this.#relayed) return "none"
    if (relay !== null) this.#relayed = lease
    const yielded = reply.code === "open" ? reply.yielded : null
    const failing = reply.code === "open" && reply.failing
    this.#go({ ...before, lease, source, profile, feed, relay, yielded, failing, ends: [] })
    if (yielded !== null) await closeLease(yielded, "yielded")
    return "moved"
  }

  /** Opens what the ticket names and waits for its first picture: for so many milliseconds, or as long as there are. */
  async #try(patience: number | null): Promise<Reading | UpstreamFailure> {
    const { signal: late } = this.#side
    const signal = patience === null ? late : AbortSignal.any([late, AbortSignal.timeout(patience)])
    const connected = await this.#options.connector.connect(this.#ticket, signal).catch(() => null)
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
