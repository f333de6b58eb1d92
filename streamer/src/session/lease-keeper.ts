import { type BeatReply, beat } from "@tributary/shared/lease/beat"
import { release } from "@tributary/shared/lease/end"
import { type FailOverReply, type FailOverRequest, failOver } from "@tributary/shared/lease/fail-over"
import { hold } from "@tributary/shared/lease/hold"
import { type LeaseName, memberOf } from "@tributary/shared/lease/lease-name"
import type { RunScript } from "@tributary/shared/lease/scripts"
import { beatMilliseconds } from "@tributary/shared/lease/times"
import type { WatcherStatement } from "@tributary/shared/lease/watchers"
import type { Logger } from "@tributary/shared/log/log"
import type { StreamerRecord } from "@tributary/shared/store/records"
import { beatRequest } from "./beat-request.ts"
import { HeldLeases } from "./held-leases.ts"
import { SessionKeeper } from "./session-keeper.ts"
import type { Standing } from "./standing.ts"

export interface LeaseKeeperOptions {
  run: RunScript
  streamer: string
  record: () => Omit<StreamerRecord, "at">
  onBeat: (reply: BeatReply) => void
  /** Closes what runs on a lease that is somebody else's by now; resolves when its connection is gone. */
  onLeaseLost: (lease: string) => Promise<unknown>
  onSessionLost: (member: string) => void
  logger: Logger
}

/** Who watches a live stream here, in a version that grows with every change. */
export interface Audience {
  version: number
  watchers: WatcherStatement
}

/** What the keeper asks of the owner of a lease at each beat. */
export interface LeaseHolder extends LeaseName {
  feed: string
  yielded: string | null
  /** Null while the stream is not open yet. */
  audience: () => Audience | null
}

/** A live stream that is relayed from another streamer, which holds its lease. */
export interface RelayedStream {
  key: string
  lease: string
  audience: () => Audience | null
}

/** Who comes to watch. */
export interface Arrival {
  session: string
  viewer: string | null
}

// Whether viewers were disabled, or their time is over, is looked at when the config changes, and this often.
const beatsBetweenChecks = 12

/**
 * Keeps everything this streamer holds in Redis alive with one call per beat: its registration, its leases
 * and its viewers' sessions. Says when one of them is lost.
 */
export class LeaseKeeper {
  readonly sessions: SessionKeeper
  readonly #options: LeaseKeeperOptions
  readonly #held = new HeldLeases()
  /** What is being closed because its lease was lost, by source and profile. */
  readonly #closing = new Map<string, Promise<unknown>>()
  #epoch = ""
  /** What Redis' clock is ahead of this process' monotonic one. */
  #clockAheadMilliseconds = 0
  #configVersion = ""
  #beatsSinceCheck = 0
  #timer: NodeJS.Timeout | undefined
  #beating: Promise<boolean> | undefined
  #closed = false

  constructor(options: LeaseKeeperOptions) {
    this.#options = options
    const { run, streamer, logger } = options
    this.sessions = new SessionKeeper({ run, streamer, logger, beat: () => this.beat() })
  }

  /** Starts the beats; the first one registers this streamer. Rejects when the store is away. */
  async start(): Promise<void> {
    if (!(await this.#beat())) throw new Error("the store does not answer")
    this.#schedule()
  }

  /**
   * Takes a lease into keeping and makes sure that it is still ours. "lost" when it ran out and was given
   * away, so that nothing may be opened on it; where another streamer has it, that one. What this streamer has lost on
   * the same profile is closed first.
   */
  async hold(holder: LeaseHolder, arrival: Arrival | null): Promise<Standing | { heldBy: string }> {
    this.#held.set(holder)
    this.#held.unsettle(holder.lease)
    const standing = await this.#ask(holder.lease, arrival)
    if (standing === "held") this.#held.settle(holder.lease)
    else this.#held.forget(holder.lease)
    return standing
  }

  /** Whether a lease in keeping is still ours, asked of the store right now; who comes to watch is told to it. */
  async confirm(lease: string, arrival: Arrival | null): Promise<Standing> {
    const standing = await this.#ask(lease, arrival)
    return typeof standing === "string" ? standing : "lost"
  }

  async #ask(lease: string, arrival: Arrival | null): Promise<Standing | { heldBy: string }> {
    const { run, streamer } = this.#options
    for (let attempt = 0; attempt < 2; attempt++) {
      const holder = this.#held.get(lease)
      if (holder === undefined) return "lost"
      const mine = this.#held.settled(holder).filter((other) => other.lease !== lease)
      const request = { streamer, epoch: this.#epoch, lease: holder, mine, watcher: arrival }
      const reply = await hold(run, request).catch(() => null)
      if (reply === null) return "unknown"
      // Only a heartbeat asserts what the store has lost, or takes up what ran out while it was away.
      if (reply.stale || (reply.ranOut && attempt === 0)) {
        if (!(await this.beat())) return "unknown"
        continue
      }
      this.#lose(reply.lost)
      // Also what another caller, or a heartbeat, has found out: its slot may be the one that was given to us.
      await this.#closing.get(profileOf(holder))
      if (reply.holder !== null) return { heldBy: reply.holder }
      return reply.held && this.#held.has(lease) ? "held" : "lost"
    }
    return "unknown"
  }

  /**
   * Moves a live stream whose upstream failed, and is closed, to the connection that the store gives it next: its
   * lease, or what it is relayed from, changes here too. Null when the store is away; it may have moved it all the
   * same, so the call is to be repeated with the same `move` before anything is opened.
   */
  async failOver(
    request: Omit<FailOverRequest, "streamer" | "epoch" | "watchers">,
    audience: () => Audience,
  ): Promise<FailOverReply | null> {
    const { key, lease } = request.connection
    // A heartbeat names the lease as it was: none may be under way while it moves, or may have moved.
    if (request.relay === null) this.#held.unsettle(lease)
    await this.#beating
    const reply = await this.#askToFailOver(request, audience)
    if (reply === null) return null
    this.#held.settle(lease)
    if (reply.code !== "open" && reply.code !== "relay") return reply
    if (request.relay !== null) this.endRelay(lease)
    // It may have been taken away meanwhile.
    else if (reply.code === "open" && !this.#held.has(lease)) return { code: "lost" }
    if (reply.code === "open") this.#held.set({ ...reply, key, audience })
    else {
      this.forget(lease)
      this.relay({ key, lease: reply.lease, audience })
    }
    return reply
  }

  async #askToFailOver(
    request: Omit<FailOverRequest, "streamer" | "epoch" | "watchers">,
    audience: () => Audience,
  ): Promise<FailOverReply | null> {
    const { run, streamer } = this.#options
    const { lease } = request.connection
    for (let attempt = 0; attempt < 2; attempt++) {
      const said = { streamer, epoch: this.#epoch, watchers: audience().watchers }
      const reply = await failOver(run, { ...request, ...said }).catch(() => null)
      if (reply?.code !== "stale") return reply
      // What the store has lost a heartbeat asserts, this lease among it: nothing has moved it.
      this.#held.settle(lease)
      if (!(await this.beat())) return null
      if (request.relay === null) this.#held.unsettle(lease)
    }
    return null
  }

  /** Gives a slot back; call it when the upstream's socket is gone. */
  async release(lease: string): Promise<void> {
    const holder = this.#held.get(lease)
    if (holder === undefined) return
    this.forget(lease)
    await release(this.#options.run, holder).catch(() =>
      this.#options.logger.warn("a lease could not be released", { lease }),
    )
  }

  /** Forgets a lease that somebody else took over, without touching the store. */
  forget(lease: string): void {
    this.#held.forget(lease)
  }

  /** Whether a lease is in keeping. */
  holds(lease: string): boolean {
    return this.#held.has(lease)
  }

  /** Tells the store who watches a stream that another streamer holds, from now on. */
  relay(stream: RelayedStream): void {
    this.#held.relay(stream)
  }

  endRelay(lease: string): void {
    this.#held.endRelay(lease)
  }

  /** A heartbeat now, after the one that may be under way; false when the store does not answer. */
  async beat(): Promise<boolean> {
    // One under way may have been sent before what it is to tell.
    if (this.#beating !== undefined) await this.#beating
    this.#beating ??= this.#beat().finally(() => {
      this.#beating = undefined
    })
    return this.#beating
  }

  /** Redis' clock, about; that of this machine may be minutes off. */
  storeNow(): number {
    return performance.now() + this.#clockAheadMilliseconds
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
      this.beat().then(
        () => this.#schedule(),
        () => this.#schedule(),
      )
    }, beatMilliseconds)
  }

  async #beat(): Promise<boolean> {
    const { run, onSessionLost, onBeat, logger } = this.#options
    try {
      let request = this.#request()
      let reply = await beat(run, request)
      if (reply.lostData) {
        logger.warn("the store lost its data; what is held here is asserted anew")
        this.#held.forgetTold()
        request = { ...this.#request(), asserts: true }
        reply = await beat(run, request)
      }
      this.#epoch = reply.epoch
      this.#clockAheadMilliseconds = reply.now - performance.now()
      this.#held.noteTold(request.told, new Set(reply.unheardRelays))
      this.#beatsSinceCheck = request.checkViewers ? 0 : this.#beatsSinceCheck + 1
      if (reply.configVersion !== this.#configVersion) this.#beatsSinceCheck = beatsBetweenChecks
      this.#configVersion = reply.configVersion
      this.#lose(reply.lostLeases)
      for (const member of this.sessions.judge(request.sessions, reply.lostSessions)) onSessionLost(member)
      onBeat(reply)
      return true
    } catch (error) {
      logger.warn("the store did not take a heartbeat", { error: String(error) })
      return false
    }
  }

  #request(): ReturnType<typeof beatRequest> {
    const { streamer, record } = this.#options
    return beatRequest({
      ...{ streamer, record: record(), epoch: this.#epoch, told: this.#held.told },
      leases: this.#held.settled(),
      relayed: this.#held.relayed(),
      sessions: this.sessions.held(),
      checkViewers: this.#beatsSinceCheck >= beatsBetweenChecks,
    })
  }

  /** Has everything closed that runs on lost leases. */
  #lose(members: readonly string[]): void {
    if (members.length === 0) return
    const lost = new Set(members)
    for (const holder of this.#held.all()) {
      if (!lost.has(memberOf(holder))) continue
      this.forget(holder.lease)
      const profile = profileOf(holder)
      const { onLeaseLost, logger } = this.#options
      const closing = Promise.all([this.#closing.get(profile), onLeaseLost(holder.lease)])
        .catch((error: unknown) =>
          logger.warn("what ran on a lost lease was not closed", {
            lease: holder.lease,
            error: String(error),
          }),
        )
        .finally(() => {
          if (this.#closing.get(profile) === closing) this.#closing.delete(profile)
        })
      this.#closing.set(profile, closing)
    }
  }
}

const profileOf = ({ source, profile }: LeaseName) => `${source}/${profile}`
