import { randomUUID } from "node:crypto"
import { setTimeout } from "node:timers/promises"
import type { IndexedChannel } from "@tributary/shared/catalogue/entry"
import { type Admitted, admit, isAdmitted, type Refused } from "@tributary/shared/lease/admit"
import type { RunScript } from "@tributary/shared/lease/scripts"
import type { Logger } from "@tributary/shared/log/log"
import type { Ticket } from "@tributary/shared/ticket"
import type { LeaseKeeper, Standing } from "../session/lease-keeper.ts"
import type { ConfigDirectory } from "../store/config-directory.ts"
import { openFeed } from "../upstream/open-feed.ts"
import { describeFailure, type HttpUpstream, type UpstreamFailure } from "../upstream/open-http.ts"
import { type CloseReason, LiveStream } from "./live-stream.ts"
import { Opening } from "./opening.ts"

export interface StreamPoolOptions {
  streamer: string
  run: RunScript
  keeper: LeaseKeeper
  config: ConfigDirectory
  /** A channel's feeds, from the edge; null when the catalogue does not have it any more. */
  findChannel: (id: string) => Promise<IndexedChannel | null>
  now: () => number
  logger: Logger
}

export type ObtainResult = { ok: true; stream: LiveStream; ticket: Ticket } | Failure

type Failure =
  /** The channel is live on another streamer by now. */
  | { ok: false; code: "elsewhere"; admitted: Admitted }
  | { ok: false; code: "unknown_channel" | "store_unavailable" }
  | { ok: false; code: "refused"; admission: Refused }
  | { ok: false; code: "upstream_failed"; failure: UpstreamFailure }

// A provider counts a connection a little longer than we hold it; after a stream has yielded its slot, a
// refusal is asked again once.
const releaseLagMilliseconds = 300

export interface ObtainOptions {
  /** The ticket was made just now, so the store knows its session. */
  isFresh: boolean
  /** Aborts when the player has gone. What nobody waits for any more is not opened. */
  left: AbortSignal
}

/** The live streams of this streamer, one per channel. */
export class StreamPool {
  readonly #options: StreamPoolOptions
  /** Also those that are closing, until their slot is given back. */
  readonly #streams = new Map<string, LiveStream>()
  /** Resolves when a stream's connection is closed and its slot given back. */
  readonly #gone = new Map<LiveStream, Promise<void>>()
  readonly #opening = new Map<string, Opening<ObtainResult>>()
  /** Channels that somebody is about to join. */
  readonly #awaited = new Map<string, number>()
  #closed = false

  constructor(options: StreamPoolOptions) {
    this.#options = options
  }

  get streams(): ReadonlyMap<string, LiveStream> {
    return this.#streams
  }

  get viewers(): number {
    return [...this.#streams.values()].reduce((sum, stream) => sum + stream.viewers.size, 0)
  }

  /**
   * The live stream that a ticket names: joined when it runs, opened once for all who come meanwhile. The
   * result's ticket is another one when the viewer had to be admitted anew. A failure ends the session.
   */
  async obtain(ticket: Ticket, { isFresh, left }: ObtainOptions): Promise<ObtainResult> {
    const { viewer, session: member } = ticket
    const standing = await this.#options.keeper.recognise({ viewer, member, isFresh })
    const admitted = standing === "lost" ? await this.#admitAgain(ticket) : { ok: true as const, ticket }
    if (!admitted.ok) return admitted
    const result = await this.#obtain(admitted.ticket, left)
    if (!result.ok) await this.#abandon(admitted.ticket, result)
    return result
  }

  /** Closes the stream that runs, or is being opened, on a lease; resolves when its connection is gone. */
  async closeLease(lease: string, reason: CloseReason): Promise<void> {
    for (const opening of this.#opening.values()) {
      if (opening.lease !== lease) continue
      opening.abort()
      await opening.result.catch(() => undefined)
    }
    for (const stream of this.#streams.values())
      if (stream.connection.lease === lease) await stream.close(reason)
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
      const running = this.#streams.get(ticket.channel)
      if (running?.isOpen) {
        if (!(await this.#isOurs(running, ticket))) void running.close("lease-lost")
        else if (running.isOpen) return { ok: true, stream: running, ticket }
      } else if (running !== undefined) await this.#gone.get(running)
      else {
        const known = this.#opening.get(ticket.channel)
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
  async #isOurs(stream: LiveStream, { channel, lease }: Ticket): Promise<boolean> {
    if (!stream.isIdle && lease === stream.connection.lease) return true
    this.#awaited.set(channel, (this.#awaited.get(channel) ?? 0) + 1)
    const standing = await this.#options.keeper.confirm(stream.connection.lease)
    const others = (this.#awaited.get(channel) ?? 1) - 1
    if (others > 0) this.#awaited.set(channel, others)
    else this.#awaited.delete(channel)
    // While the store is away nothing can be promised to anybody.
    return standing !== "lost"
  }

  #start(ticket: Ticket): Opening<ObtainResult> {
    const opening = new Opening<ObtainResult>((begun) =>
      this.#open(ticket, begun).finally(() => this.#opening.delete(ticket.channel)),
    )
    this.#opening.set(ticket.channel, opening)
    return opening
  }

  async #open(ticket: Ticket, opening: Opening<ObtainResult>): Promise<ObtainResult> {
    const standing = await this.#hold(ticket, opening)
    if (standing === "unknown") return { ok: false, code: "store_unavailable" }
    if (standing === "held") return this.#openUpstream(ticket, opening)
    // An old ticket, or one that came late: its lease is somebody else's by now.
    const admitted = await this.#admitAgain(ticket)
    if (!admitted.ok) return admitted
    const renewed = admitted.ticket
    const result: ObtainResult =
      (await this.#hold(renewed, opening)) === "held"
        ? await this.#openUpstream(renewed, opening)
        : { ok: false, code: "store_unavailable" }
    if (!result.ok) await this.#abandon(renewed, result)
    return result
  }

  /** A new lease and session for an old ticket, when its viewer may still watch. */
  async #admitAgain(ticket: Ticket): Promise<{ ok: true; ticket: Ticket } | Failure> {
    const { run, streamer, findChannel } = this.#options
    const channel = await findChannel(ticket.channel).catch(() => undefined)
    if (channel === undefined) return { ok: false, code: "store_unavailable" }
    if (channel === null) return { ok: false, code: "unknown_channel" }
    const [address = "", , session = randomUUID()] = ticket.session.split("/")
    const admission = await admit(run, {
      lease: randomUUID(),
      session,
      viewer: ticket.viewer === null ? null : { username: ticket.viewer, check: "trusted" },
      address,
      channelId: ticket.channel,
      channel,
      region: "",
      prefer: streamer,
    }).catch(() => null)
    if (admission === null) return { ok: false, code: "store_unavailable" }
    if (!isAdmitted(admission)) return { ok: false, code: "refused", admission }
    if (admission.streamer !== streamer) return { ok: false, code: "elsewhere", admitted: admission }
    const { code: _, address: __, ...ids } = admission
    return { ok: true, ticket: { ...ids, channel: ticket.channel } }
  }

  /** The session of a viewer who gets nothing to watch is not to count against their limit. */
  async #abandon({ viewer, session: member, channel, lease }: Ticket, { code }: Failure): Promise<void> {
    if (code === "elsewhere" || code === "store_unavailable") return
    await this.#options.keeper.abandon({ viewer, member, channel, lease })
  }

  async #hold(ticket: Ticket, opening: Opening<ObtainResult>): Promise<Standing> {
    const { keeper, streamer } = this.#options
    const { lease, source, profile, feed, channel, yielded } = ticket
    if (lease === "") return "lost"
    if (yielded !== null) await this.closeLease(yielded, "yielded")
    const standing = await keeper.hold({
      lease,
      source,
      profile,
      channel,
      live: { lease, source, profile, feed, streamer, idleSince: null, yielded },
      watched: () => this.#awaited.has(channel) || this.#streams.get(channel)?.isIdle === false,
    })
    if (standing === "held") opening.lease = lease
    else keeper.forget(lease)
    return standing
  }

  async #openUpstream(ticket: Ticket, opening: Opening<ObtainResult>): Promise<ObtainResult> {
    const { keeper } = this.#options
    const { signal } = opening
    const result = await this.#connect(ticket, signal).catch(
      (): Failure => ({ ok: false, code: "store_unavailable" }),
    )
    if (!result.ok) {
      await keeper.release(ticket.lease)
      return result
    }
    // The lease was lost, or everyone left, in the last moment.
    if (signal.aborted) {
      await result.upstream.close()
      await keeper.release(ticket.lease)
      return { ok: false, code: "upstream_failed", failure: { code: "aborted" } }
    }
    const stream = this.#run(ticket, result.upstream)
    this.#streams.set(ticket.channel, stream)
    const gone = stream.closed
      .then(() => keeper.release(ticket.lease))
      .finally(() => {
        this.#streams.delete(ticket.channel)
        this.#gone.delete(stream)
      })
    this.#gone.set(stream, gone)
    return { ok: true, stream, ticket }
  }

  async #connect(
    ticket: Ticket,
    signal: AbortSignal,
  ): Promise<{ ok: true; upstream: HttpUpstream } | Failure> {
    const { config, findChannel, now, logger } = this.#options
    const channel = await findChannel(ticket.channel)
    const feed = channel?.feeds.find((candidate) => candidate.id === ticket.feed)
    const source = feed && (await config.source(feed.source))
    if (!feed || !source) return { ok: false, code: "unknown_channel" }
    const open = () => openFeed(feed, source, ticket.profile, config.settings, signal)
    const began = now()
    let opened = await open()
    if (!opened.ok && ticket.yielded !== null && opened.failure.code === "http_status") {
      await setTimeout(releaseLagMilliseconds)
      opened = await open()
    }
    const ids = { channel: ticket.channel, lease: ticket.lease, source: ticket.source, feed: ticket.feed }
    if (!opened.ok) {
      logger.warn("upstream failed to open", { ...ids, failure: describeFailure(opened.failure) })
      return { ok: false, code: "upstream_failed", failure: opened.failure }
    }
    const milliseconds = Math.round(now() - began)
    logger.info("live stream opened", { ...ids, profile: ticket.profile, milliseconds })
    return opened
  }

  #run(ticket: Ticket, upstream: HttpUpstream): LiveStream {
    const { config, now, logger } = this.#options
    return new LiveStream({
      channel: ticket.channel,
      connection: ticket,
      upstream,
      maxBufferBytes: config.settings.bufferSizePerStream,
      graceMilliseconds: config.settings.poolGrace * 1000,
      now,
      logger,
    })
  }
}

/** What others who came meanwhile get: the same stream, each with their own session. */
function withTicket(result: ObtainResult, ticket: Ticket): ObtainResult {
  if (!result.ok) return result
  const { viewer, session } = ticket
  return { ...result, ticket: { ...result.ticket, viewer, session } }
}
