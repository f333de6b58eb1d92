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
  readonly #sessions = new Map<string, { viewer: string; connections: number }>()
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
   * Takes a lease into keeping and makes sure that it is still ours. False when it is not: it ran out and
   * was given away, so nothing may be opened on it.
   */
  async hold(holder: LeaseHolder): Promise<boolean> {
    this.#leases.set(holder.lease, holder)
    return (await this.#beatNow()) && this.#leases.has(holder.lease)
  }

  /** Whether a held lease is still ours, asked of the store right now. */
  async confirm(lease: string): Promise<boolean> {
    return (await this.#beatNow()) && this.#leases.has(lease)
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
    if (known === undefined) this.#sessions.set(session.member, { viewer: session.viewer, connections: 1 })
    else known.connections++
  }

  /** A viewer's connection has ended; `idle` when nobody watches the stream any more. */
  async leave(session: {
    viewer: string | null
    member: string
    channel: string
    lease: string
    idle: boolean
  }): Promise<void> {
    const known = this.#sessions.get(session.member)
    const isLast = known === undefined || --known.connections === 0
    if (isLast) this.#sessions.delete(session.member)
    if (!isLast && !session.idle) return
    const ending = isLast ? session : { ...session, viewer: null }
    await leave(this.#options.run, ending).catch(() =>
      this.#warn("a session could not be ended", session.lease),
    )
  }

  /** Stops the beats. What is still held runs out by itself. */
  async close(): Promise<void> {
    this.#closed = true
    clearTimeout(this.#timer)
    await this.#beating?.catch(() => undefined)
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
    const sessions = [...this.#sessions]
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
      for (const member of reply.lostSessions) this.#options.onSessionLost(member)
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
