import type { IndexedChannel } from "@tributary/shared/catalogue/entry"
import type { Ticket } from "@tributary/shared/ticket"
import type { Failure } from "../pool/obtain-result.ts"
import { Opening } from "../pool/opening.ts"
import type { Audience } from "../session/lease-keeper.ts"
import { admitToSame, type OpenContent, type OpenPlaybackOptions, openPlayback } from "./open-playback.ts"
import {
  type Content,
  Playback,
  type PlaybackCloseReason,
  type PlaybackKind,
  type PlaybackReport,
} from "./playback.ts"

export interface PlaybackPoolOptions extends OpenPlaybackOptions {
  /** Ends the connections of a session, wherever it plays here. */
  endSession: (member: string) => void
  lingerMilliseconds: number
  /** Unix milliseconds. */
  now: () => number
}

export interface ObtainPlayback<Played> {
  /** The ticket was made just now, so the store knows its session. */
  isFresh: boolean
  /** Aborts when the player has gone. */
  left: AbortSignal
  open: OpenContent<Played>
}

/** What is known of a request: the feed that it is bound to, and the time of the ticket that the player has. */
interface Begun<Played> extends ObtainPlayback<Played> {
  feed: string | null
  at: number
}

/** The ticket is another one when the viewer had to be admitted anew. */
export type ObtainedPlayback<Played extends Content> =
  | { ok: true; playback: Playback<Played>; ticket: Ticket }
  | Failure

// Which feeds were played last: more are forgotten, the oldest first.
const mostRemembered = 10_000

/** The playbacks of this streamer, one per key: per viewer, their network address and what they play. */
export class PlaybackPool<Played extends Content> {
  readonly #options: PlaybackPoolOptions
  /** Also those that are closing, until their slot is given back. */
  readonly #playbacks = new Map<string, Playback<Played>>()
  /** Resolves when a playback's connection is closed and its slot given back. */
  readonly #gone = new Map<Playback<Played>, Promise<void>>()
  readonly #opening = new Map<string, Opening<ObtainedPlayback<Played>>>()
  /** By key, with the time of the newest ticket for it: what goes on under one is the file that it began with. */
  readonly #played = new Map<string, { feed: string; at: number }>()
  #closed = false

  constructor(options: PlaybackPoolOptions) {
    this.#options = options
  }

  get playbacks(): ReadonlyMap<string, Playback<Played>> {
    return this.#playbacks
  }

  /** Connections of viewers. */
  get viewers(): number {
    return [...this.#playbacks.values()].reduce((sum, { size }) => sum + size, 0)
  }

  /** The one that plays under a key, if it does. */
  running(key: string): Playback<Played> | null {
    const playback = this.#playbacks.get(key)
    return playback?.isOpen ? playback : null
  }

  reports(): PlaybackReport[] {
    return [...this.#playbacks.values()].map((playback) => playback.report())
  }

  /** The playback that a ticket names, opened when it does not run. A failure ends the session. */
  async obtain(ticket: Ticket, how: ObtainPlayback<Played>): Promise<ObtainedPlayback<Played>> {
    const { keeper, closeLease, endSession } = this.#options
    const { viewer, session: member } = ticket
    for (const ended of ticket.ends) keeper.sessions.drop(ended)
    if (ticket.yielded !== null) await closeLease(ticket.yielded)
    for (const ended of ticket.ends) endSession(ended)
    const standing = await keeper.sessions.recognise({ viewer, member, isFresh: how.isFresh })
    const feed = this.#feedOf(ticket, how)
    const admitted =
      standing === "lost" ? await admitToSame(this.#options, ticket, feed) : { ok: true as const, ticket }
    if (!admitted.ok) return admitted
    // Who was admitted just now to the lease that runs here has been told to the store with that.
    const sure = standing === "lost" ? admitted.ticket.lease : null
    const result = await this.#obtain(admitted.ticket, { ...how, feed, at: ticket.at }, sure)
    if (!result.ok) await this.#abandon(admitted.ticket, result)
    return result
  }

  /** Closes what runs, or is being opened, on a lease; resolves when its connection is gone. */
  async closeLease(lease: string, reason: PlaybackCloseReason): Promise<void> {
    // The store gave its slot away already.
    if (reason === "yielded" || reason === "lease-lost") this.#options.keeper.forget(lease)
    for (const opening of this.#opening.values()) {
      if (opening.lease !== lease) continue
      opening.abort()
      await opening.result.catch(() => undefined)
    }
    for (const playback of this.#playbacks.values())
      if (playback.connection.lease === lease) await playback.close(reason)
  }

  /** Closes all; resolves when their slots are given back. */
  async close(): Promise<void> {
    this.#closed = true
    const opening = [...this.#opening.values()]
    for (const each of opening) each.abort()
    await Promise.allSettled(opening.map(({ result }) => result))
    for (const playback of this.#playbacks.values()) void playback.close("shutdown")
    await Promise.all(this.#gone.values())
  }

  // Each await may have changed everything, so each is followed by a new look.
  async #obtain(ticket: Ticket, how: Begun<Played>, sure: string | null): Promise<ObtainedPlayback<Played>> {
    while (!this.#closed) {
      const running = this.#playbacks.get(ticket.key)
      if (running?.isOpen) {
        if (running.connection.lease === sure) return { ok: true, playback: running, ticket }
        if (!(await this.#isOurs(running, ticket))) await running.close("lease-lost")
        else if (running.isOpen) return { ok: true, playback: running, ticket }
      } else if (running !== undefined) await this.#gone.get(running)
      else {
        const known = this.#opening.get(ticket.key)
        const opening = known ?? this.#start(ticket, how)
        const result = await opening.wait(how.left)
        // Whoever began it may have been refused, or left; that says nothing of the others.
        const mayTryOn = !result.ok && (result.code === "refused" || opening.signal.aborted)
        if (known === undefined && !(opening.signal.aborted && !result.ok && !how.left.aborted)) return result
        if (!mayTryOn)
          return result.ok ? { ...result, ticket: { ...result.ticket, ...whoseIs(ticket) } } : result
      }
    }
    return { ok: false, code: "refused", admission: { code: "no_streamer" } }
  }

  /** Whether its lease is ours for sure: while nobody read, it may have been promised to others. */
  async #isOurs(playback: Playback<Played>, { lease, session, viewer }: Ticket): Promise<boolean> {
    if (!playback.isIdle && lease === playback.connection.lease) return true
    const standing = await this.#options.keeper.confirm(playback.connection.lease, { session, viewer })
    // While the store is away nothing can be promised to anybody.
    return standing !== "lost"
  }

  #start(ticket: Ticket, how: Begun<Played>): Opening<ObtainedPlayback<Played>> {
    const opening = new Opening<ObtainedPlayback<Played>>((begun) =>
      this.#open(ticket, how, begun).finally(() => this.#opening.delete(ticket.key)),
    )
    this.#opening.set(ticket.key, opening)
    return opening
  }

  async #open(
    ticket: Ticket,
    { open, feed, at }: Begun<Played>,
    opening: Opening<ObtainedPlayback<Played>>,
  ): Promise<ObtainedPlayback<Played>> {
    const result = await openPlayback(this.#options, ticket, {
      open,
      signal: opening.signal,
      feed,
      onHeld: (lease) => {
        opening.lease = lease
      },
      audience: () => this.#audienceOf(ticket.key),
    })
    if (result.ok) {
      const { ticket: last, content, channel } = result
      this.#remember(last, at)
      return { ok: true, playback: this.#run(last, content, channel), ticket: last }
    }
    const { ticket: last, ...failure } = result
    // Of a session that was admitted anew; the caller ends that of its own ticket.
    if (last !== ticket) await this.#abandon(last, failure)
    return failure
  }

  #audienceOf(key: string): Audience | null {
    return this.running(key)?.audience ?? null
  }

  /** What a ticket that was played before goes on with; null: nothing was, and any feed will do. */
  #feedOf({ key, feed, at }: Ticket, { isFresh }: ObtainPlayback<Played>): string | null {
    const played = this.#played.get(key)
    if (played !== undefined && at <= played.at) return played.feed
    return isFresh ? null : feed
  }

  async #abandon(
    { viewer, session: member, key, lease }: Ticket,
    { code }: Pick<Failure, "code">,
  ): Promise<void> {
    if (code === "elsewhere" || code === "store_unavailable") return
    await this.#options.keeper.sessions.abandon({ viewer, member, key, lease })
  }

  #run(ticket: Ticket, content: Played, channel: IndexedChannel): Playback<Played> {
    const { keeper, closed, metrics, lingerMilliseconds, now, logger } = this.#options
    const { key, lease, source, profile, feed } = ticket
    const playback = new Playback<Played>({
      ...{ key, channel: ticket.channel, kind: kindOf(ticket, channel), content },
      connection: { lease, source, profile, feed },
      ...{ lingerMilliseconds, metrics, now, logger },
    })
    this.#playbacks.set(key, playback)
    metrics.streamOpened(playback)
    const gone = playback.closed
      .then(() => {
        closed.noteClosed({ source, profile }, false)
        return keeper.release(lease)
      })
      .finally(() => {
        this.#playbacks.delete(key)
        this.#gone.delete(playback)
      })
    this.#gone.set(playback, gone)
    return playback
  }

  #remember({ key, feed }: Ticket, at: number): void {
    this.#played.delete(key)
    this.#played.set(key, { feed, at })
    if (this.#played.size <= mostRemembered) return
    for (const oldest of this.#played.keys()) {
      this.#played.delete(oldest)
      break
    }
  }
}

/** What others who came meanwhile get: the same playback, each with their own session. */
function whoseIs({ viewer, session }: Ticket): Pick<Ticket, "viewer" | "session"> {
  return { viewer, session }
}

function kindOf({ catchup }: Ticket, { kind }: IndexedChannel): PlaybackKind {
  if (catchup !== null) return "catchup"
  return kind === "movie" ? "movie" : "episode"
}
