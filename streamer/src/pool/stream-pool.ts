import type { Logger } from "@tributary/shared/log/log"
import type { Ticket } from "@tributary/shared/ticket"
import type { FanOutShare } from "../fan-out/fan-out.ts"
import type { StreamMetrics } from "../metrics/stream-metrics.ts"
import type { Upstream } from "../upstream/upstream.ts"
import { admitAgain } from "./admit-again.ts"
import { Connector, type ConnectorOptions } from "./connector.ts"
import { FailureAccounts, type FailureAccountsOptions } from "./failure-accounts.ts"
import { type CloseReason, LiveStream } from "./live-stream.ts"
import type { Failure, ObtainResult } from "./obtain-result.ts"
import { LiveOpener, type OpenedLive, type OpenLiveOptions } from "./open-live.ts"
import { Opening } from "./opening.ts"
import { Supply } from "./supply.ts"

export type { ObtainResult } from "./obtain-result.ts"

export interface StreamPoolOptions
  extends Omit<OpenLiveOptions, "connector" | "accounts">,
    ConnectorOptions,
    FailureAccountsOptions {
  /** Ends the connections of a session, wherever it plays here. */
  endSession: (member: string) => void
  openSlate: () => Promise<Upstream | null>
  /** Closes what else than a live stream runs here on a lease; resolves when its connection is gone. */
  closePlayback: (lease: string, reason: "yielded" | "lease-lost") => Promise<void>
  /** Viewers wait so long for any feed before their stream ends. */
  outageMilliseconds: number
  /** What the fan-outs of all live streams share. */
  share: FanOutShare
  metrics: StreamMetrics
  /** Monotonic milliseconds. */
  monotonic: () => number
  random: () => number
  logger: Logger
}

export interface ObtainOptions {
  /** The ticket was made just now, so the store knows its session. */
  isFresh: boolean
  /** Aborts when the player has gone. What nobody waits for any more is not opened. */
  left: AbortSignal
}

// A player that probes a stream comes back within this.
const ownGraceSeconds = 1

/** The live streams of this streamer, one per key: per channel, unless it is not shared. */
export class StreamPool {
  readonly #options: StreamPoolOptions
  readonly #connector: Connector
  readonly #accounts: FailureAccounts
  readonly #opener: LiveOpener
  /** Also those that are closing, until their slot is given back. */
  readonly #streams = new Map<string, LiveStream>()
  /** Resolves when a stream's connection is closed and its slot given back. */
  readonly #gone = new Map<LiveStream, Promise<void>>()
  readonly #opening = new Map<string, Opening<ObtainResult>>()
  #closed = false

  constructor(options: StreamPoolOptions) {
    this.#options = options
    this.#connector = new Connector(options)
    this.#accounts = new FailureAccounts(options)
    const parts = { ...options, connector: this.#connector, accounts: this.#accounts }
    this.#opener = new LiveOpener(parts, {
      closeLease: (lease, reason) => this.closeLease(lease, reason),
      audience: (key) => this.#streams.get(key)?.audience ?? null,
    })
  }

  /** Knows which accounts' connections were closed just now. */
  get connector(): Connector {
    return this.#connector
  }

  get accounts(): FailureAccounts {
    return this.#accounts
  }

  get streams(): ReadonlyMap<string, LiveStream> {
    return this.#streams
  }

  /** Whether an upstream is being opened or closed. */
  get isBusy(): boolean {
    return this.#opening.size > 0 || [...this.#streams.values()].some((stream) => !stream.isOpen)
  }

  get viewers(): number {
    return [...this.#streams.values()].reduce((sum, stream) => sum + stream.viewers.size, 0)
  }

  /**
   * The live stream that a ticket names: joined when it runs, opened once for all who come meanwhile. The
   * result's ticket is another one when the viewer had to be admitted anew. A failure ends the session.
   */
  async obtain(ticket: Ticket, { isFresh, left }: ObtainOptions): Promise<ObtainResult> {
    const { sessions } = this.#options.keeper
    const { viewer, session: member } = ticket
    for (const ended of ticket.ends) sessions.drop(ended)
    if (ticket.yielded !== null) await this.closeLease(ticket.yielded, "yielded")
    for (const ended of ticket.ends) this.#options.endSession(ended)
    const standing = await sessions.recognise({ viewer, member, isFresh })
    const admitted =
      standing === "lost" ? await admitAgain(this.#options, ticket) : { ok: true as const, ticket }
    if (!admitted.ok) return admitted
    const result = await this.#obtain(admitted.ticket, left)
    if (!result.ok) await this.#abandon(admitted.ticket, result)
    return result
  }

  /** Closes the stream that runs, or is being opened, on a lease; resolves when its connection is gone. */
  async closeLease(lease: string, reason: CloseReason): Promise<void> {
    // The store gave its slot away already.
    if (reason === "yielded" || reason === "lease-lost") {
      await this.#options.closePlayback(lease, reason)
      this.#options.keeper.forget(lease)
    }
    for (const opening of this.#opening.values()) {
      if (opening.lease !== lease) continue
      opening.abort()
      await opening.result.catch(() => undefined)
    }
    for (const stream of this.#streams.values())
      if (stream.connection.lease === lease) {
        await (reason === "lease-lost" ? stream.loseLease() : stream.close(reason))
      }
  }

  /** Closes all streams and whatever is being opened; resolves when their slots are given back. */
  async close(): Promise<void> {
    this.#closed = true
    const opening = [...this.#opening.values()]
    for (const each of opening) each.abort()
    await Promise.allSettled(opening.map(({ result }) => result))
    for (const stream of this.#streams.values()) void stream.close("shutdown")
    await Promise.all(this.#gone.values())
  }

  // Each await may have changed everything, so each is followed by a new look.
  async #obtain(ticket: Ticket, left: AbortSignal): Promise<ObtainResult> {
    while (!this.#closed) {
      const running = this.#streams.get(ticket.key)
      if (running?.isOpen) {
        if (!(await this.#isOurs(running, ticket))) await running.close("lease-lost")
        else if (running.isOpen) return { ok: true, stream: running, ticket }
      } else if (running !== undefined) await this.#gone.get(running)
      else {
        const known = this.#opening.get(ticket.key)
        const opening = known ?? this.#start(ticket)
        const result = await opening.wait(left)
        // Whether the one who began it may watch says nothing of the others.
        const isTheirs = !result.ok && (result.code === "refused" || result.code === "elsewhere")
        const wasTakenAway = !result.ok && opening.signal.aborted && !left.aborted
        if (known === undefined && !wasTakenAway) return result
        if (!isTheirs && !wasTakenAway) return withTicket(result, ticket)
      }
    }
    return { ok: false, code: "refused", admission: { code: "no_streamer" } }
  }

  /** Whether a stream's connection is ours for sure: one without viewers may have been promised to others. */
  async #isOurs(stream: LiveStream, { lease, session, viewer, relayTo }: Ticket): Promise<boolean> {
    if (stream.connection.relay !== null) return true
    if (!stream.isIdle && lease === stream.connection.lease) return true
    const arrival = relayTo === null ? { session, viewer } : null
    const standing = await this.#options.keeper.confirm(stream.connection.lease, arrival)
    // While the store is away nothing can be promised to anybody.
    return standing !== "lost"
  }

  #start(ticket: Ticket): Opening<ObtainResult> {
    const opening = new Opening<ObtainResult>((begun) =>
      this.#open(ticket, begun).finally(() => this.#opening.delete(ticket.key)),
    )
    this.#opening.set(ticket.key, opening)
    return opening
  }

  async #open(ticket: Ticket, opening: Opening<ObtainResult>): Promise<ObtainResult> {
    const result = await this.#opener.open(ticket, opening)
    if (result.ok) return { ok: true, stream: this.#run(result), ticket: result.ticket }
    // Of a session that was admitted anew; the caller ends that of its own ticket.
    const { ticket: last, ...failure } = result
    if (last !== ticket) await this.#abandon(last, failure)
    return failure
  }

  /** The session of a viewer who gets nothing to watch is not to count against their limit. */
  async #abandon(
    { viewer, session: member, key, lease }: Ticket,
    { code }: Pick<Failure, "code">,
  ): Promise<void> {
    if (code === "elsewhere" || code === "store_unavailable") return
    await this.#options.keeper.sessions.abandon({ viewer, member, key, lease })
  }

  #run({ ticket, upstream, channel: found }: OpenedLive): LiveStream {
    const { keeper, config, openSlate, share, metrics, now, monotonic } = this.#options
    const { channel, key } = ticket
    const { bufferSizePerStream, poolGrace } = config.settings
    const closeLease = (lease: string, reason: CloseReason) => this.closeLease(lease, reason)
    const parts = { ...this.#options, connector: this.#connector, accounts: this.#accounts, closeLease }
    const supply = new Supply(parts, { ticket, upstream, channel: found })
    const stream: LiveStream = new LiveStream({
      ...{ channel, key, supply, openSlate, share, metrics, now, monotonic, logger: this.#options.logger },
      maxBufferBytes: bufferSizePerStream,
      // Nobody else can join what is one session's own.
      graceMilliseconds: (key === channel ? poolGrace : Math.min(poolGrace, ownGraceSeconds)) * 1000,
    })
    this.#streams.set(key, stream)
    metrics.streamOpened(stream)
    const { lease, relay } = ticket
    if (relay !== null) keeper.relay({ key, lease, audience: () => stream.audience })
    const gone = stream.closed
      .then(() => {
        const { connection } = stream
        return connection.relay === null
          ? keeper.release(connection.lease)
          : keeper.endRelay(connection.lease)
      })
      .finally(() => {
        this.#streams.delete(key)
        this.#gone.delete(stream)
      })
    this.#gone.set(stream, gone)
    return stream
  }
}

/** What others who came meanwhile get: the same stream, each with their own session and what they want of it. */
function withTicket(result: ObtainResult, ticket: Ticket): ObtainResult {
  if (!result.ok) return result
  const { viewer, session, transcode, catchup } = ticket
  return { ...result, ticket: { ...result.ticket, viewer, session, transcode, catchup } }
}
