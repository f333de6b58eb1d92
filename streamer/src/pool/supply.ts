import { setTimeout } from "node:timers/promises"
import type { IndexedChannel } from "@tributary/shared/catalogue/entry"
import type { Logger } from "@tributary/shared/log/log"
import type { Ticket } from "@tributary/shared/ticket"
import type { StreamMetrics } from "../metrics/stream-metrics.ts"
import type { Audience, LeaseKeeper } from "../session/lease-keeper.ts"
import type { ConfigDirectory } from "../store/config-directory.ts"
import { describeFailure, type Upstream, type UpstreamFailure } from "../upstream/upstream.ts"
import type { Connector } from "./connector.ts"
import { isWorthRetry, soundMilliseconds } from "./failover-policy.ts"
import type { FailureAccounts } from "./failure-accounts.ts"
import type { CloseReason } from "./live-stream.ts"
import { Outage, type OutageStart } from "./outage.ts"
import { Reading, type ReadingSink } from "./reading.ts"

export interface SupplyOptions {
  connector: Connector
  accounts: FailureAccounts
  keeper: LeaseKeeper
  config: ConfigDirectory
  findChannel: (id: string) => Promise<IndexedChannel | null>
  /** Closes the stream whose connection this one has been given. */
  closeLease: (lease: string, reason: CloseReason) => Promise<void>
  /** Viewers wait so long for any feed before the stream ends. */
  outageMilliseconds: number
  /** Monotonic milliseconds. */
  monotonic: () => number
  random: () => number
  metrics: StreamMetrics
  logger: Logger
}

/** What a stream begins with. */
export interface SupplyStart {
  ticket: Ticket
  upstream: Upstream
  /** As it was found for the opening; null where that needed none. */
  channel: IndexedChannel | null
}

/** The live stream that is supplied. */
export interface SupplySide extends ReadingSink {
  /** No packets come any more, until the next `begin`. */
  interrupt(): void
  /** Whether it is worth to go on after a failure. */
  isWatched(): boolean
  audience(): Audience
}

export type SupplyEnd = { reason: "upstream-failed" | "lease-lost"; failure: UpstreamFailure }

// The catalogue may have changed since the stream began, but nobody waits for it for longer than this.
const askMilliseconds = 1_500

/**
 * Keeps a live stream supplied: reads its upstream, and when that fails goes on with the feed itself or the next one,
 * until one gives a picture or viewers have waited for too long.
 */
export class Supply {
  failovers = 0
  lastFailure: UpstreamFailure | null = null
  readonly #options: SupplyOptions
  readonly #closing = new AbortController()
  readonly #first: Upstream
  #ticket: Ticket
  #channel: IndexedChannel | null
  #reading: Reading | null = null
  #running: Promise<SupplyEnd> | null = null
  /** Why this reading is being left, when it has not failed by itself. */
  #leaving: { reading: Reading; why: "by-hand" | "lost" } | null = null
  #isFailing = false
  #earlierBytes = 0
  /** Attempts at the same feed since it played soundly. */
  #retries = 0
  readonly #finished: string[] = []

  constructor(options: SupplyOptions, { ticket, upstream, channel }: SupplyStart) {
    this.#options = options
    // What it replaced is gone by now.
    this.#ticket = { ...ticket, yielded: null, ends: [] }
    this.#first = upstream
    this.#channel = channel
  }

  /** What it runs on now. */
  get connection(): Ticket {
    return this.#ticket
  }

  /** Whether it runs on another feed than the channel's first, as far as that is known. */
  get isFailover(): boolean {
    const first = this.#channel?.feeds[0]?.id
    return first !== undefined && first !== this.#ticket.feed
  }

  /** No feed gives a picture just now. */
  get isFailing(): boolean {
    return this.#isFailing
  }

  get bytesReceived(): number {
    return this.#earlierBytes + (this.#reading?.rate.bytes ?? 0)
  }

  get bitsPerSecond(): number {
    return this.#reading?.rate.bitsPerSecond(this.#options.monotonic()) ?? 0
  }

  /** Supplies a stream from now on; resolves when it has come to its end. Called once. */
  run(side: SupplySide): Promise<SupplyEnd> {
    this.#running = this.#run(side)
    return this.#running
  }

  /** Leaves the feed that runs for the next one; false where none runs, or another streamer has to decide it. */
  failOver(): boolean {
    const reading = this.#reading
    if (reading === null || reading.begunAt === null || this.#ticket.relay !== null) return false
    this.#leaving = { reading, why: "by-hand" }
    reading.stop({ code: "aborted" })
    return true
  }

  /** Its connection is somebody else's: resolves when its sockets are gone. It may go on from there, as a relay. */
  async loseLease(): Promise<void> {
    const reading = this.#reading
    if (reading === null || reading.begunAt === null) return this.close()
    this.#leaving = { reading, why: "lost" }
    await reading.close()
  }

  /** Resolves when the upstream's sockets are gone, and nothing is opened any more. */
  async close(): Promise<void> {
    this.#closing.abort()
    await (this.#running === null ? this.#first : this.#reading)?.close()
    await this.#running
  }

  async #run(side: SupplySide): Promise<SupplyEnd> {
    let reading = this.#read(this.#first, side)
    await Promise.race([reading.begun, reading.ended])
    while (true) {
      if (reading.begunAt !== null) this.#begun()
      const failure = await reading.ended
      await this.#end(reading)
      if (this.#closing.signal.aborted || !side.isWatched()) return { reason: "upstream-failed", failure }
      this.#isFailing = true
      this.lastFailure = failure
      const { key, source } = this.#ticket
      this.#options.metrics.streamFailed({ key, source, code: failure.code })
      side.interrupt()
      const next = await this.#survive(side, reading, failure)
      if (next === "lease-lost" || next === null) return { reason: next ?? "upstream-failed", failure }
      reading = next
    }
  }

  #begun(): void {
    this.#isFailing = false
    if (!this.#ticket.failing) return
    this.#ticket = { ...this.#ticket, failing: false }
    // Nobody waits for it: what fails next must be noticed at once.
    void this.#options.accounts.forgive(this.#ticket)
  }

  async #survive(side: SupplySide, reading: Reading, failure: UpstreamFailure) {
    const { outageMilliseconds, monotonic, metrics, logger } = this.#options
    const from = this.#ticket
    const since = monotonic()
    const why = this.#leaving?.reading === reading ? this.#leaving.why : null
    this.#leaving = null
    const outage = new Outage(
      this.#options,
      {
        signal: AbortSignal.any([this.#closing.signal, AbortSignal.timeout(outageMilliseconds)]),
        isWatched: () => side.isWatched(),
        audience: () => side.audience(),
        channel: () => this.#findChannel(),
        move: (ticket) => {
          this.#ticket = ticket
        },
        read: (upstream) => this.#read(upstream, side),
        end: (each) => this.#end(each),
      },
      from,
      { failure, first: await this.#firstStep(reading, failure, why), finished: this.#finished },
    )
    const next = await outage.survive()
    if (!(next instanceof Reading)) return next
    this.failovers++
    const { channel, lease, source, feed, relay } = this.#ticket
    const milliseconds = Math.round(monotonic() - since)
    metrics.failedOver({ source: from.source, code: why === null ? failure.code : null, milliseconds })
    logger.warn("failed over", {
      ...{ channel, lease, source, feed, relay, fromFeed: from.feed, fromSource: from.source },
      failure: why ?? describeFailure(failure),
      milliseconds,
    })
    return next
  }

  /** Where to look first; what the failure says of its feed is kept in mind for others, unless it is tried again. */
  async #firstStep(
    { begunAt }: Reading,
    failure: UpstreamFailure,
    why: "by-hand" | "lost" | null,
  ): Promise<OutageStart["first"]> {
    const { accounts, config, monotonic } = this.#options
    if (why !== null) return why === "lost" ? "move" : "next"
    if (this.#ticket.relay !== null) return "again"
    const played = begunAt === null ? 0 : monotonic() - begunAt
    this.#retries = played >= soundMilliseconds ? 0 : this.#retries
    if (isWorthRetry(failure, played) && ++this.#retries < config.settings.maxRetries) return "again"
    if (failure.code === "finished") this.#finished.push(this.#ticket.feed)
    this.#ticket = { ...this.#ticket, failing: true }
    await accounts.blame(this.#ticket, failure)
    return "next"
  }

  async #findChannel(): Promise<IndexedChannel | null> {
    const { signal } = this.#closing
    const late = setTimeout(askMilliseconds, undefined, { signal }).catch(() => undefined)
    const found = await Promise.race([
      this.#options.findChannel(this.#ticket.channel).catch(() => undefined),
      late,
    ])
    if (found) this.#channel = found
    return this.#channel
  }

  #read(upstream: Upstream, sink: ReadingSink): Reading {
    const { config, monotonic } = this.#options
    this.#reading = new Reading(upstream, {
      sink,
      maxBufferBytes: config.settings.bufferSizePerStream,
      stallMilliseconds: config.settings.stallTimeout * 1000,
      watchesBitrate: this.#ticket.relay === null,
      now: monotonic,
    })
    return this.#reading
  }

  async #end(reading: Reading): Promise<void> {
    const { connector, logger } = this.#options
    await reading.close()
    connector.noteClosed(this.#ticket, reading.rate.isSegmented)
    const { channel, lease, feed } = this.#ticket
    if (reading.skippedSegments > 0)
      logger.warn("segments were missed", { channel, lease, feed, segments: reading.skippedSegments })
    this.#earlierBytes += reading.rate.bytes
    this.#reading = null
  }
}
