import { mostListed, stateWatchers } from "@tributary/shared/lease/watchers"
import type { Logger } from "@tributary/shared/log/log"
import { FanOut, type FanOutShare } from "../fan-out/fan-out.ts"
import type { Subscriber } from "../fan-out/subscriber.ts"
import type { StreamMetrics } from "../metrics/stream-metrics.ts"
import type { Arrival, Audience } from "../session/lease-keeper.ts"
import { describeFailure, type Upstream, type UpstreamFailure } from "../upstream/upstream.ts"
import { Output } from "./output.ts"
import type { StreamReport, ViewerReport } from "./stream-report.ts"
import type { SupplyEnd, SupplySide } from "./supply.ts"

/** Which connection a live stream runs on. */
export interface Connection {
  lease: string
  source: string
  profile: string
  feed: string
  /** The streamer that holds it, when this stream is relayed from there. */
  relay: string | null
}

/** Who is behind a viewer's connection; a streamer that relays speaks for its own viewers. */
export type Watcher = Arrival & {
  isRelay: boolean
  /** Monotonic milliseconds of their request. */
  requestedAt: number
}

/** A viewer's connection, or several requests that are one (HLS), as its stream counts it. */
export interface Watching {
  readonly bytesSent: number
  /** How often it was too slow, and moved to the newest keyframe. */
  readonly moves: number
  /** Ends it now. */
  destroy(): void
}

/** What viewers, segmenters and transcodes take packets from: a live stream, or a transcode of one. */
export interface PacketSource {
  readonly isOpen: boolean
  /** Resolves when there will be no more packets. */
  readonly closed: Promise<unknown>
  /** It is given packets from a keyframe on; false when the source is closing. */
  subscribe(subscriber: Subscriber): boolean
  unsubscribe(subscriber: Subscriber): void
}

export type CloseReason = "idle" | "yielded" | "lease-lost" | "upstream-failed" | "stopped" | "shutdown"

/** Where a live stream's packets come from. */
export interface StreamSupply {
  readonly connection: Connection
  readonly isFailing: boolean
  readonly bytesReceived: number
  readonly bitsPerSecond: number
  readonly failovers: number
  readonly lastFailure: UpstreamFailure | null
  run(side: SupplySide): Promise<SupplyEnd>
  readonly isFailover: boolean
  failOver(): boolean
  loseLease(): Promise<void>
  close(): Promise<void>
}

type State =
  /** Nobody has come yet, or the last one has left. */
  | { kind: "idle"; timer: NodeJS.Timeout; isNew: boolean }
  | { kind: "live" }
  | { kind: "closing"; reason: CloseReason }

export interface LiveStreamOptions {
  channel: string
  /** Of the live stream: the channel, or `channel~owner` where it is not shared. */
  key: string
  supply: StreamSupply
  openSlate: () => Promise<Upstream | null>
  /** What all live streams share. */
  share: FanOutShare
  metrics: StreamMetrics
  maxBufferBytes: number
  graceMilliseconds: number
  /** Unix milliseconds. */
  now: () => number
  /** Monotonic milliseconds. */
  monotonic: () => number
  logger: Logger
}

/** One upstream connection and everyone who watches it. The upstream belongs to the stream, not to a viewer. */
export class LiveStream implements PacketSource {
  readonly channel: string
  readonly key: string
  readonly startedAt: number
  /** Resolves when the upstream's socket is gone and the viewers are told. */
  readonly closed: Promise<CloseReason>
  #state: State
  readonly #fanOut: FanOut
  readonly #output: Output
  readonly #options: LiveStreamOptions
  readonly #watchers = new Map<Watching, Watcher & { joinedAt: number }>()
  /** Of its own viewers, each session once and the newest last: with how many connections. */
  readonly #sessions = new Map<string, { viewer: string | null; connections: number }>()
  #audienceVersion = 0
  /** The session that stands for nobody while the channel is always on. */
  #keptBy: string | null = null
  /** Whoever is started now finds the stream running. */
  #isJoining = false
  #resolveClosed: (reason: CloseReason) => void = () => undefined

  constructor(options: LiveStreamOptions) {
    const { maxBufferBytes, openSlate, monotonic, supply, share, metrics } = options
    this.#options = options
    this.channel = options.channel
    this.key = options.key
    this.startedAt = options.now()
    this.#fanOut = new FanOut(maxBufferBytes, share, {
      started: (subscriber) => this.#started(subscriber),
      moved: () => metrics.viewerMoved(),
    })
    this.#output = new Output({ fanOut: this.#fanOut, maxBufferBytes, openSlate, metrics, now: monotonic })
    this.closed = new Promise((resolve) => {
      this.#resolveClosed = resolve
    })
    // Nobody watches yet: the stream waits for its first viewer no longer than for its last one's return.
    this.#state = this.#idle(true)
    supply
      .run({
        begin: (packets) => this.#output.begin(packets),
        push: (packets) => this.#output.push(packets),
        seam: (seam) => this.#output.seam(seam),
        interrupt: () => this.#output.interrupt(),
        isWatched: () => this.#state.kind === "live" || (this.#state.kind === "idle" && this.#state.isNew),
        audience: () => this.audience,
      })
      .then(({ reason }) => void this.close(reason))
      .catch(() => void this.close("upstream-failed"))
  }

  get connection(): Connection {
    return this.#options.supply.connection
  }

  get viewers(): ReadonlyMap<Watching, Watcher> {
    return this.#watchers
  }

  get isIdle(): boolean {
    return this.#state.kind === "idle"
  }

  get isOpen(): boolean {
    return this.#state.kind !== "closing"
  }

  /** Who watches here, for the store. */
  get audience(): Audience {
    const { size } = this.#sessions
    const version = this.#audienceVersion
    // Asked for with each coming and going: of a crowd nothing is listed.
    if (size > mostListed) return { version, watchers: { sessions: {}, crowd: size } }
    const listed = [...this.#sessions].map(([session, { viewer }]) => ({ session, viewer }))
    return { version, watchers: stateWatchers(listed) }
  }

  /** Who came last, of its own viewers. */
  get newest(): Arrival | null {
    let newest: Arrival | null = null
    for (const [session, { viewer }] of this.#sessions) newest = { session, viewer }
    return newest
  }

  report(): StreamReport {
    const { supply } = this.#options
    const { lease, source, profile, feed, relay } = supply.connection
    const { bytesReceived, bitsPerSecond, failovers, lastFailure, isFailing } = supply
    const viewers = [...this.#watchers.keys()].flatMap((watching) => this.viewerReport(watching) ?? [])
    return {
      ...{ id: this.key, channel: this.channel, lease, source, profile, feed, relay },
      state: this.#state.kind === "live" && isFailing ? "failing" : this.#state.kind,
      transcode: null,
      isFailover: supply.isFailover,
      ...{
        startedAt: this.startedAt,
        bytesReceived,
        bytesSent: this.#fanOut.bytesSent,
        bitsPerSecond,
        failovers,
      },
      lastFailure: lastFailure && describeFailure(lastFailure),
      format: this.#output.format,
      viewers,
    }
  }

  /** Of one who watches; null of anybody else. */
  viewerReport(watching: Watching): ViewerReport | null {
    const watcher = this.#watchers.get(watching)
    if (watcher === undefined) return null
    const { session, viewer, isRelay, joinedAt } = watcher
    return { session, viewer, isRelay, joinedAt, bytesSent: watching.bytesSent, moves: watching.moves }
  }

  /** Goes to the next feed, as after a failure; false when it cannot: it is closing, failing over, or a relay. */
  failOver(): boolean {
    return this.isOpen && this.#options.supply.failOver()
  }

  /** Its connection is somebody else's: resolves when it is closed here. Whoever watches may be fed from there. */
  async loseLease(): Promise<void> {
    if (this.#state.kind === "live") await this.#options.supply.loseLease()
    else await this.close("lease-lost")
  }

  /** Somebody watches from now on, whatever brings them the packets; false when the stream is closing. */
  attend(watching: Watching, watcher: Watcher): boolean {
    if (this.#state.kind === "closing") return false
    this.#watchers.set(watching, { ...watcher, joinedAt: this.#options.now() })
    this.#count(watcher, 1)
    if (this.#state.kind === "idle") {
      clearTimeout(this.#state.timer)
      this.#state = { kind: "live" }
    }
    this.#options.metrics.viewerJoined()
    this.#options.logger.info("viewer joined", { ...this.#ids(), viewers: this.#watchers.size })
    return true
  }

  /** They have gone; true when they were the last, so that the stream is idle now. */
  leave(watching: Watching): boolean {
    const watcher = this.#watchers.get(watching)
    if (watcher === undefined) return false
    this.#count(watcher, -1)
    this.#watchers.delete(watching)
    if (this.#state.kind !== "live") return false
    this.#options.logger.info("viewer left", { ...this.#ids(), viewers: this.#watchers.size })
    return this.#rest()
  }

  /** It runs without viewers from now on, and is not idle then: `session` stands for nobody. False when it closes. */
  keep(session: string): boolean {
    if (this.#state.kind === "closing") return false
    if (this.#keptBy !== null) return true
    this.#keptBy = session
    this.#count({ session, viewer: null, isRelay: false }, 1)
    if (this.#state.kind === "idle") clearTimeout(this.#state.timer)
    this.#state = { kind: "live" }
    return true
  }

  endKeeping(): void {
    if (this.#keptBy === null) return
    this.#count({ session: this.#keptBy, viewer: null, isRelay: false }, -1)
    this.#keptBy = null
    if (this.#state.kind === "live") this.#rest()
  }

  subscribe(subscriber: Subscriber): boolean {
    if (this.#state.kind === "closing") return false
    this.#isJoining = true
    this.#fanOut.add(subscriber)
    this.#isJoining = false
    return true
  }

  unsubscribe(subscriber: Subscriber): void {
    this.#fanOut.remove(subscriber)
  }

  /** Closes the upstream, then ends the viewers; the same promise for every caller. */
  close(reason: CloseReason): Promise<CloseReason> {
    if (this.#state.kind === "closing") return this.closed
    if (this.#state.kind === "idle") clearTimeout(this.#state.timer)
    this.#state = { kind: "closing", reason }
    void this.#shutDown(reason)
    return this.closed
  }

  async #shutDown(reason: CloseReason): Promise<void> {
    const { supply, logger } = this.#options
    this.#output.close()
    await supply.close().catch(() => undefined)
    this.#fanOut.close()
    logger.info("live stream closed", {
      ...this.#ids(),
      reason,
      bytes: supply.bytesReceived,
      failure: supply.lastFailure && describeFailure(supply.lastFailure),
    })
    this.#resolveClosed(reason)
  }

  /** Idle when nobody is left; true then. */
  #rest(): boolean {
    if (this.#watchers.size > 0 || this.#keptBy !== null) return false
    this.#state = this.#idle(false)
    this.#options.logger.info("grace started", this.#ids())
    return true
  }

  #count({ session, viewer, isRelay }: Omit<Watcher, "requestedAt">, change: 1 | -1): void {
    this.#audienceVersion++
    if (isRelay) return
    const connections = (this.#sessions.get(session)?.connections ?? 0) + change
    // The newest is to be the last.
    if (change > 0 || connections === 0) this.#sessions.delete(session)
    if (connections > 0) this.#sessions.set(session, { viewer, connections })
  }

  #started(subscriber: Subscriber): void {
    const watcher = this.#watchers.get(subscriber as Subscriber & Watching)
    if (watcher === undefined) return
    const { metrics, monotonic } = this.#options
    metrics.firstKeyframe(this.#isJoining ? "joined" : "opened", monotonic() - watcher.requestedAt)
  }

  #idle(isNew: boolean): State {
    const timer = setTimeout(() => {
      this.#options.logger.info("grace ended", this.#ids())
      void this.close("idle")
    }, this.#options.graceMilliseconds)
    return { kind: "idle", timer, isNew }
  }

  #ids() {
    const { lease, source, feed } = this.connection
    return { channel: this.channel, lease, source, feed }
  }
}
