import { randomUUID } from "node:crypto"
import { type BeatReply, beat, type HeldLease } from "@tributary/shared/lease/beat"
import { leave, release } from "@tributary/shared/lease/end"
import type { RunScript } from "@tributary/shared/lease/scripts"
import { beatMilliseconds } from "@tributary/shared/lease/times"
import type { Logger } from "@tributary/shared/log/log"
import type { StreamerRecord } from "@tributary/shared/store/records"

export interface LeaseKeeperOptions {
  run: RunScript
  streamer: string
  record: () => Omit<StreamerRecord, "at">
  onBeat: (reply: BeatReply) => void
  onLeaseLost: (lease: string) => void
  onSessionLost: (member: string) => void
  logger: Logger
}

/** What the store says of a lease or session; "unknown" when it does not answer. */
export type Standing = "held" | "lost" | "unknown"

/** A viewer's session that ends, and the stream it was on. */
export interface EndingSession {
  viewer: string | null
  member: string
  channel: string
  lease: string
}

interface KeptSession {
  viewer: string
  connections: number
  standing: Standing
}

// Longer than a ticket counts as fresh, and than clocks may differ.
const rememberMilliseconds = 120_000

/** What the keeper asks of the owner of a lease at each beat. */
export interface LeaseHolder extends Omit<HeldLease, "watched"> {
  watched: () => boolean
}

/**
 * Keeps everything this streamer holds in Redis alive with one call per beat: its registration, its leases
 * and its viewers' sessions. Says when one of them is lost.
 */
export class LeaseKeeper {
  readonly #options: LeaseKeeperOptions
  readonly #leases = new Map<string, LeaseHolder>()
  readonly #sessions = new Map<string, KeptSession>()
  /** Sessions that ended here, with the time: their tickets may come back, the store does not know them. */
  readonly #left = new Map<string, { at: number; done: Promise<unknown> }>()
  #epoch = ""
  #timer: NodeJS.Timeout | undefined
  #beating: Promise<boolean> | undefined
  #closed = false

  constructor(options: LeaseKeeperOptions) {
    this.#options = options
  }

  get sessions(): number {
    return this.#sessions.size
  }

  /** Starts the beats; the first one registers this streamer. Rejects when the store is away. */
  async start(): Promise<void> {
    if (!(await this.#beat())) throw new Error("the store does not answer")
    this.#schedule()
  }

  /**
   * Takes a lease into keeping and makes sure that it is still ours. "lost" when it ran out and was given
   * away, so that nothing may be opened on it.
   */
  async hold(holder: LeaseHolder): Promise<Standing> {
    this.#leases.set(holder.lease, holder)
    return this.confirm(holder.lease)
  }

  /** Whether a held lease is still ours, asked of the store right now. */
  async confirm(lease: string): Promise<Standing> {
    const answered = await this.#beatNow()
    if (!this.#leases.has(lease)) return "lost"
    return answered ? "held" : "unknown"
  }

  /**
   * Whether the store still knows a ticket's session. It is only asked when there is doubt: a fresh ticket's
   * session was made with it, and it is there unless it ended here.
   */
  async recognise(session: { viewer: string | null; member: string; isFresh: boolean }): Promise<Standing> {
    if (session.viewer === null) return "held"
    // Asked too early, the store would still know what is just being ended.
    await this.#left.get(session.member)?.done
    const known = this.#sessions.get(session.member)
    if (known !== undefined && known.standing !== "unknown") return known.standing
    if (known === undefined && session.isFresh && !this.#left.has(session.member)) return "held"
    const asked = known ?? { viewer: session.viewer, connections: 0, standing: "unknown" as const }
    this.#sessions.set(session.member, asked)
    asked.connections++
    await this.#beatNow()
    if (--asked.connections === 0) this.#sessions.delete(session.member)
    return asked.standing
  }

  /** Gives a slot back; call it when the upstream's socket is gone. */
  async release(lease: string): Promise<void> {
    const holder = this.#leases.get(lease)
    if (holder === undefined) return
    this.#leases.delete(lease)
    await release(this.#options.run, holder).catch(() => this.#warn("a lease could not be released", lease))
  }

  /** Forgets a lease that somebody else took over, without touching the store. */
  forget(lease: string): void {
    this.#leases.delete(lease)
  }

  /** A viewer's connection has begun. Several connections (a player's probes) may be one session. */
  enter(session: { viewer: string | null; member: string }): void {
    if (session.viewer === null) return
    const known = this.#sessions.get(session.member)
    if (known !== undefined) known.connections++
    else this.#sessions.set(session.member, { viewer: session.viewer, connections: 1, standing: "held" })
  }

  /** A viewer's connection has ended; `idle` when nobody watches the stream any more. */
  async leave(session: EndingSession & { idle: boolean }): Promise<void> {
    const known = this.#sessions.get(session.member)
    const isLast = known === undefined || --known.connections === 0
    if (isLast) this.#sessions.delete(session.member)
    await this.#end(session, isLast && session.viewer !== null)
    // Whoever came back meanwhile is told to the store now, before it gives the stream's connection away.
    if (session.idle && this.#leases.get(session.lease)?.watched()) await this.#beatNow()
  }

  /** A session whose stream did not open: it ends, unless it has connections of its own. */
  async abandon(session: EndingSession): Promise<void> {
    if (session.viewer === null || this.#sessions.has(session.member)) return
    await this.#end({ ...session, idle: false }, true)
  }

  /** Stops the beats. What is still held runs out by itself. */
  async close(): Promise<void> {
    this.#closed = true
    clearTimeout(this.#timer)
    await this.#beating?.catch(() => undefined)
  }

  async #end(session: EndingSession & { idle: boolean }, endsSession: boolean): Promise<void> {
    if (!endsSession && !session.idle) return
    const done = leave(this.#options.run, endsSession ? session : { ...session, viewer: null }).catch(() =>
      this.#warn("a session could not be ended", session.lease),
    )
    if (endsSession) this.#remember(session.member, done)
    await done
  }

  #remember(member: string, done: Promise<unknown>): void {
    const at = performance.now()
    for (const [oldest, { at: leftAt }] of this.#left) {
      if (at - leftAt < rememberMilliseconds) break
      this.#left.delete(oldest)
    }
    this.#left.delete(member)
    this.#left.set(member, { at, done })
  }

  #schedule(): void {
    if (this.#closed) return
    this.#timer = setTimeout(() => {
      this.#beatNow().then(
        () => this.#schedule(),
        () => this.#schedule(),
      )
    }, beatMilliseconds)
  }

  // A beat under way may have been sent before the caller's lease was added, so another one follows it.
  async #beatNow(): Promise<boolean> {
    if (this.#beating !== undefined) await this.#beating
    this.#beating ??= this.#beat().finally(() => {
      this.#beating = undefined
    })
    return this.#beating
  }

  async #beat(): Promise<boolean> {
    const { run, streamer, record } = this.#options
    const leases = [...this.#leases.values()]
    const sessions = [...this.#sessions].filter(([, kept]) => kept.standing !== "lost")
    try {
      const reply = await beat(run, {
        streamer,
        record: record(),
        epoch: this.#epoch,
        newEpoch: randomUUID(),
        leases: leases.map((held) => ({ ...held, watched: held.watched() })),
        sessions: sessions.map(([member, { viewer }]) => ({ viewer, member })),
      })
      this.#epoch = reply.epoch
      for (const lease of reply.lostLeases) {
        this.#leases.delete(lease)
        this.#options.onLeaseLost(lease)
      }
      for (const [member, kept] of sessions) {
        kept.standing = reply.lostSessions.includes(member) ? "lost" : "held"
        if (kept.standing === "lost") this.#options.onSessionLost(member)
      }
      this.#options.onBeat(reply)
      return true
    } catch (error) {
      this.#options.logger.warn("the store did not take a heartbeat", { error: String(error) })
      return false
    }
  }

  #warn(message: string, lease: string): void {
    this.#options.logger.warn(message, { lease })
  }
}
