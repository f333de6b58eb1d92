import type { IndexedChannel } from "@tributary/shared/catalogue/entry"
import type { Logger } from "@tributary/shared/log/log"
import type { Ticket } from "@tributary/shared/ticket"
import type { StreamMetrics } from "../metrics/stream-metrics.ts"
import type { ConfigDirectory } from "../store/config-directory.ts"
import { openFeed } from "../upstream/open-feed.ts"
import type { OpenRelay } from "../upstream/open-relay.ts"
import { describeFailure, type OpenUpstream, type Upstream } from "../upstream/upstream.ts"
import { askAgain, lagMilliseconds } from "./ask-again.ts"
import type { Failure } from "./obtain-result.ts"

export interface ConnectOptions {
  /** A provider that refuses is asked again for some seconds where it may only not have noticed a connection's end. */
  isPatient: boolean
  /** The ticket's channel; null when the catalogue does not have it any more. Rejects when that cannot be known. */
  channel: Promise<IndexedChannel | null>
}

export type Connected = { ok: true; upstream: Upstream; channel: IndexedChannel | null }

export interface ConnectorOptions {
  config: ConfigDirectory
  openRelay: OpenRelay
  now: () => number
  metrics: StreamMetrics
  logger: Logger
}

const recentMilliseconds = 10_000
// A session of HLS has no connection that could end: panels count it for some seconds after its last request.
const segmentedLagMilliseconds = [...lagMilliseconds, 3_000, 3_500]

/** Connects to what a ticket names: a feed on a profile, or the streamer that it is relayed from. */
export class Connector {
  readonly #options: ConnectorOptions
  /** When a connection of a profile was closed here last, by source and profile. */
  readonly #closed = new Map<string, { at: number; isSegmented: boolean }>()

  constructor(options: ConnectorOptions) {
    this.#options = options
  }

  /** A connection of a profile is closed; its provider may not know it yet. */
  noteClosed({ source, profile }: { source: string; profile: string }, isSegmented: boolean): void {
    this.#closed.set(`${source}/${profile}`, { at: this.#options.now(), isSegmented })
  }

  /** Whether its provider may not know yet that a connection of this profile is closed. */
  isRecentlyClosed({ source, profile }: { source: string; profile: string }): boolean {
    const closed = this.#closed.get(`${source}/${profile}`)
    return closed !== undefined && this.#options.now() - closed.at < recentMilliseconds
  }

  /** The lease must be held, and what it was taken from be closed. The channel is of the result where one was needed. */
  async connect(
    ticket: Ticket,
    signal: AbortSignal,
    { isPatient, channel: asked }: ConnectOptions,
  ): Promise<Connected | Failure> {
    const { config, openRelay, now, metrics, logger } = this.#options
    const began = now()
    const { channel: id, lease, source: sourceId, profile, relay } = ticket
    const ids = { channel: id, lease, source: sourceId, feed: ticket.feed }
    let opened: OpenUpstream
    let channel: IndexedChannel | null = null
    if (relay !== null) opened = await openRelay(ticket, relay, signal)
    else {
      channel = await asked
      const feed = channel?.feeds.find((candidate) => candidate.id === ticket.feed)
      const source = feed && (await config.source(feed.source))
      if (!feed || !source) return { ok: false, code: "unknown_channel" }
      const open = () => openFeed(feed, source, profile, config.settings, signal)
      opened = isPatient ? await this.#untilNoticed(ticket, signal, open) : await open()
    }
    const milliseconds = Math.round(now() - began)
    if (opened.ok) {
      logger.info("upstream opened", { ...ids, profile, relayedFrom: relay, milliseconds })
      return { ...opened, channel }
    }
    metrics.streamFailed({ key: ticket.key, source: sourceId, code: opened.failure.code })
    logger.warn("upstream failed to open", { ...ids, failure: describeFailure(opened.failure), milliseconds })
    return { ok: false, code: "upstream_failed", failure: opened.failure }
  }

  /** Asks again while a provider may not have noticed that a connection of this account has ended. */
  async #untilNoticed(
    { source, profile, yielded }: Ticket,
    signal: AbortSignal,
    open: () => Promise<OpenUpstream>,
  ): Promise<OpenUpstream> {
    const closed = this.#closed.get(`${source}/${profile}`)
    let mayLag: boolean | null = null
    return await askAgain(open, (opened) => (opened.ok ? null : opened.failure), {
      // Told once: a session of HLS may be counted for longer than its end counts as recent.
      mayLag: () => (mayLag ??= yielded !== null || this.isRecentlyClosed({ source, profile })),
      signal,
      delays: closed?.isSegmented ? segmentedLagMilliseconds : lagMilliseconds,
    })
  }
}
