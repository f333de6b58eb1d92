import { randomUUID } from "node:crypto"
import type { IndexedChannel } from "@tributary/shared/catalogue/entry"
import { type Admitted, admit, isAdmitted, type Refused } from "@tributary/shared/lease/admit"
import type { RunScript } from "@tributary/shared/lease/scripts"
import type { Logger } from "@tributary/shared/log/log"
import type { Ticket } from "@tributary/shared/ticket"
import type { LeaseKeeper } from "../session/lease-keeper.ts"
import type { ConfigDirectory } from "../store/config-directory.ts"
import { openFeed } from "../upstream/open-feed.ts"
import { describeFailure, type UpstreamFailure } from "../upstream/open-http.ts"
import { type CloseReason, LiveStream } from "./live-stream.ts"

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

export type ObtainResult =
  | { ok: true; stream: LiveStream; ticket: Ticket }
  /** The channel is live on another streamer by now. */
  | { ok: false; code: "elsewhere"; admitted: Admitted }
  | { ok: false; code: "unknown_channel" | "store_unavailable" }
  | { ok: false; code: "refused"; admission: Refused }
  | { ok: false; code: "upstream_failed"; failure: UpstreamFailure }

// A provider counts a connection a little longer than we hold it; after a stream has yielded its slot, a
// refusal is asked again once.
const releaseLagMilliseconds = 300

/** The live streams of this streamer, one per channel. */
export class StreamPool {
  readonly #options: StreamPoolOptions
  readonly #streams = new Map<string, LiveStream>()
  readonly #opening = new Map<string, Promise<ObtainResult>>()
  readonly #abort = new AbortController()

  constructor(options: StreamPoolOptions) {
    this.#options = options
  }

  get streams(): ReadonlyMap<string, LiveStream> {
    return this.#streams
  }

  get viewers(): number {
    return [...this.#streams.values()].reduce((sum, stream) => sum + stream.viewers.size, 0)
  }

  /** The live stream that a ticket names: joined when it runs, opened once for all who come meanwhile. */
  async obtain(ticket: Ticket): Promise<ObtainResult> {
    const running = this.#streams.get(ticket.channel)
    if (running?.isOpen) {
      // An idle stream may have been promised to somebody else since the last heartbeat.
      if (!running.isIdle || (await this.#options.keeper.confirm(running.connection.lease)))
        if (running.isOpen) return { ok: true, stream: running, ticket }
      await running.close("lease-lost")
    } else if (running !== undefined) await running.closed
    const known = this.#opening.get(ticket.channel)
    if (known !== undefined) return withTicket(await known, ticket)
    const opening = this.#open(ticket).finally(() => this.#opening.delete(ticket.channel))
    this.#opening.set(ticket.channel, opening)
    return opening
  }

  /** Closes the stream that runs on a lease, if there is one; resolves when its connection is gone. */
  async closeLease(lease: string, reason: CloseReason): Promise<void> {
    for (const stream of this.#streams.values())
      if (stream.connection.lease === lease) await stream.close(reason)
  }

  /** Closes all streams and whatever is being opened. */
  async close(): Promise<void> {
    this.#abort.abort()
    await Promise.allSettled(this.#opening.values())
    await Promise.all([...this.#streams.values()].map((stream) => stream.close("shutdown")))
  }

  async #open(ticket: Ticket): Promise<ObtainResult> {
    if (ticket.yielded !== null) await this.closeLease(ticket.yielded, "yielded")
    const held = await this.#hold(ticket)
    if (held) return this.#openUpstream(ticket)
    return this.#admitAgain(ticket)
  }

  /** The ticket's lease is gone (an old ticket, or one that came late): asks for a new one. */
  async #admitAgain(ticket: Ticket): Promise<ObtainResult> {
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
    const renewed: Ticket = { ...ids, channel: ticket.channel }
    if (renewed.yielded !== null) await this.closeLease(renewed.yielded, "yielded")
    return (await this.#hold(renewed))
      ? this.#openUpstream(renewed)
      : { ok: false, code: "store_unavailable" }
  }

  async #hold(ticket: Ticket): Promise<boolean> {
    const { keeper, streamer } = this.#options
    const { lease, source, profile, feed, channel, yielded } = ticket
    if (lease === "") return false
    const held = await keeper.hold({
      lease,
      source,
      profile,
      channel,
      live: { lease, source, profile, feed, streamer, idleSince: null, yielded },
      watched: () => this.#streams.get(channel)?.isIdle === false,
    })
    if (!held) keeper.forget(lease)
    return held
  }

  async #openUpstream(ticket: Ticket): Promise<ObtainResult> {
    const result = await this.#connect(ticket)
    if (!(result instanceof LiveStream)) {
      await this.#options.keeper.release(ticket.lease)
      return result
    }
    this.#streams.set(ticket.channel, result)
    void result.closed.then(async () => {
      if (this.#streams.get(ticket.channel) === result) this.#streams.delete(ticket.channel)
      await this.#options.keeper.release(ticket.lease)
    })
    return { ok: true, stream: result, ticket }
  }

  async #connect(ticket: Ticket): Promise<LiveStream | ObtainResult> {
    const { config, findChannel, now, logger } = this.#options
    const channel = await findChannel(ticket.channel).catch(() => undefined)
    if (channel === undefined) return { ok: false, code: "store_unavailable" }
    const feed = channel?.feeds.find((candidate) => candidate.id === ticket.feed)
    const source = feed && (await config.source(feed.source))
    if (!feed || !source) return { ok: false, code: "unknown_channel" }
    const { settings } = config
    const open = () => openFeed(feed, source, ticket.profile, settings, this.#abort.signal)
    const began = now()
    let opened = await open()
    if (!opened.ok && ticket.yielded !== null && opened.failure.code === "http_status") {
      await new Promise((resolve) => setTimeout(resolve, releaseLagMilliseconds))
      opened = await open()
    }
    const ids = { channel: ticket.channel, lease: ticket.lease, source: ticket.source, feed: ticket.feed }
    if (!opened.ok) {
      logger.warn("upstream failed to open", { ...ids, failure: describeFailure(opened.failure) })
      return { ok: false, code: "upstream_failed", failure: opened.failure }
    }
    logger.info("live stream opened", {
      ...ids,
      profile: ticket.profile,
      milliseconds: Math.round(now() - began),
    })
    return new LiveStream({
      channel: ticket.channel,
      connection: ticket,
      upstream: opened.upstream,
      maxBufferBytes: settings.bufferSizePerStream,
      graceMilliseconds: settings.poolGrace * 1000,
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
