import type { IndexedChannel } from "@tributary/shared/catalogue/entry"
import type { Logger } from "@tributary/shared/log/log"
import type { Ticket } from "@tributary/shared/ticket"
import type { StreamMetrics } from "../metrics/stream-metrics.ts"
import type { Audience, LeaseKeeper } from "../session/lease-keeper.ts"
import type { ConfigDirectory } from "../store/config-directory.ts"
import { describeFailure, type Upstream, type UpstreamFailure } from "../upstream/upstream.ts"
import type { Connector } from "./connector.ts"
import type { FailureAccounts } from "./failure-accounts.ts"
import type { CloseReason } from "./live-stream.ts"
import { Outage } from "./outage.ts"
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

/** The live stream that is supplied. */
export interface SupplySide extends ReadingSink {
  /** No packets come any more, until the next `begin`. */
  interrupt(): void
  /** Whether it is worth to go on after a failure. */
  isWatched(): boolean
  audience(): Audience
}

export type SupplyEnd = { reason: "upstream-failed" | "lease-lost"; failure: UpstreamFailure }

/**
 * Keeps a live stream supplied: reads its upstream, and when that fails goes on with the feed itself or the next one,
 * until one gives a picture or viewers have waited for too long.
 */
export class Supply {
  failovers = 0
  lastFailure: UpstreamFailure | null = null
  readonly #options: SupplyOptions
  readonly #closing = new AbortController()
  #ticket: Ticket
  #reading: Reading | null = null
  readonly #first: Upstream
  #running: Promise<SupplyEnd> | null = null
  #isManual = false
  #isFailing = false
  #earlierBytes = 0

  constructor(options: SupplyOptions, ticket: Ticket, upstream: Upstream) {
    this.#options = options
    // What it replaced is gone by now.
    this.#ticket = { ...ticket, yielded: null, ends: [] }
    this.#first = upstream
  }

  /** What it runs on now. */
  get connection(): Ticket {
    return this.#ticket
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

  /** Leaves the feed that runs for the next one. */
  failOver(): void {
    this.#isManual = this.#reading !== null
    this.#reading?.stop({ code: "aborted" })
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
      if (reading.begunAt !== null) await this.#begun()
      const failure = await reading.ended
      const { begunAt } = reading
      await this.#end(reading)
      if (this.#closing.signal.aborted || !side.isWatched()) return { reason: "upstream-failed", failure }
      this.#isFailing = true
      this.lastFailure = failure
      const { key, source } = this.#ticket
      this.#options.metrics.streamFailed({ key, source, code: failure.code })
      side.interrupt()
      const playedMilliseconds = begunAt === null ? 0 : this.#options.monotonic() - begunAt
      const next = await this.#survive(side, failure, playedMilliseconds)
      if (next === "lease-lost" || next === null) return { reason: next ?? "upstream-failed", failure }
      reading = next
    }
  }

  async #begun(): Promise<void> {
    this.#isFailing = false
    if (!this.#ticket.failing) return
    this.#ticket = { ...this.#ticket, failing: false }
    await this.#options.accounts.forgive(this.#ticket)
  }

  async #survive(side: SupplySide, failure: UpstreamFailure, playedMilliseconds: number) {
    const { outageMilliseconds, monotonic, metrics, logger } = this.#options
    const from = this.#ticket
    const since = monotonic()
    const outage = new Outage(
      this.#options,
      {
        signal: AbortSignal.any([this.#closing.signal, AbortSignal.timeout(outageMilliseconds)]),
        isWatched: () => side.isWatched(),
        audience: () => side.audience(),
        move: (ticket) => {
          this.#ticket = ticket
        },
        read: (upstream) => this.#read(upstream, side),
        end: (reading) => this.#end(reading),
      },
      from,
      failure,
    )
    const isManual = this.#isManual
    this.#isManual = false
    const next = await outage.survive({ isManual, playedMilliseconds })
    if (!(next instanceof Reading)) return next
    this.failovers++
    const { channel, lease, source, feed, relay } = this.#ticket
    const milliseconds = Math.round(monotonic() - since)
    metrics.failedOver({ source: from.source, code: isManual ? null : failure.code, milliseconds })
    logger.warn("failed over", {
      ...{ channel, lease, source, feed, relay, fromFeed: from.feed, fromSource: from.source },
      failure: isManual ? "by hand" : describeFailure(failure),
      milliseconds,
    })
    return next
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
