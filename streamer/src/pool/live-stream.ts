import { stateWatchers } from "@tributary/shared/lease/watchers"
import type { Logger } from "@tributary/shared/log/log"
import { FanOut } from "../fan-out/fan-out.ts"
import type { Viewer } from "../fan-out/viewer.ts"
import { PacketAligner } from "../mpegts/packet-aligner.ts"
import type { Arrival, Audience } from "../session/lease-keeper.ts"
import { describeFailure, type Upstream, type UpstreamFailure } from "../upstream/upstream.ts"
import type { StreamReport } from "./stream-report.ts"

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
export type Watcher = Arrival & { isRelay: boolean }

export type CloseReason = "idle" | "yielded" | "lease-lost" | "upstream-failed" | "stopped" | "shutdown"

type State =
  | { kind: "live" }
  | { kind: "idle"; since: number; timer: NodeJS.Timeout }
  | { kind: "closing"; reason: CloseReason }

export interface LiveStreamOptions {
  channel: string
  connection: Connection
  upstream: Upstream
  maxBufferBytes: number
  graceMilliseconds: number
  now: () => number
  logger: Logger
}

// Garbage is recognised after this much of it without a single packet.
const maxGarbageBytes = 256 * 1024

/** One upstream connection and everyone who watches it. The upstream belongs to the stream, not to a viewer. */
export class LiveStream {
  readonly channel: string
  readonly connection: Connection
  readonly startedAt: number
  /** Resolves when the upstream's socket is gone and the viewers are told. */
  readonly closed: Promise<CloseReason>
  #state: State = { kind: "live" }
  readonly #fanOut: FanOut
  readonly #aligner = new PacketAligner()
  readonly #options: LiveStreamOptions
  readonly #watchers = new Map<Viewer, Watcher>()
  #audienceVersion = 0
  #bytes = 0
  #failure: UpstreamFailure | null = null
  #resolveClosed: (reason: CloseReason) => void = () => undefined

  constructor(options: LiveStreamOptions) {
    this.#options = options
    this.channel = options.channel
    this.connection = options.connection
    this.startedAt = options.now()
    this.#fanOut = new FanOut(options.maxBufferBytes)
    this.closed = new Promise((resolve) => {
      this.#resolveClosed = resolve
    })
    // Nobody watches yet: the stream waits for its first viewer no longer than for its last one's return.
    this.#becomeIdle()
    options.upstream
      .read((chunk) => this.#take(chunk))
      .then(
        (failure) => this.#upstreamEnded(failure),
        () => this.#upstreamEnded({ code: "protocol_error" }),
      )
  }

  get viewers(): ReadonlySet<Viewer> {
    return this.#fanOut.viewers
  }

  get isIdle(): boolean {
    return this.#state.kind === "idle"
  }

  get isOpen(): boolean {
    return this.#state.kind !== "closing"
  }

  get bytesReceived(): number {
    return this.#bytes
  }

  /** Who watches here, for the store. */
  get audience(): Audience {
    const known = [...this.#watchers.values()].filter(({ isRelay }) => !isRelay)
    return { version: this.#audienceVersion, watchers: stateWatchers(known) }
  }

  /** Who came last, of its own viewers. */
  get newest(): Arrival | null {
    return [...this.#watchers.values()].findLast(({ isRelay }) => !isRelay) ?? null
  }

  report(): StreamReport {
    const { lease, source, profile, feed, relay } = this.connection
    const viewers = [...this.#watchers].map(([{ bytesSent }, { session, viewer, isRelay }]) => {
      return { session, viewer, isRelay, joinedAt: this.startedAt, bytesSent, moves: 0 }
    })
    return {
      ...{ id: this.channel, channel: this.channel, lease, source, profile, feed, relay },
      state: this.#state.kind,
      isFailover: false,
      ...{ startedAt: this.startedAt, bytesReceived: this.#bytes, bytesSent: 0, bitsPerSecond: 0 },
      ...{ failovers: 0, lastFailure: null, format: null, viewers },
    }
  }

  /** Goes to the next feed, as after a failure; false when the stream is closing. */
  failOver(): boolean {
    return false
  }

  /** Adds a viewer; false when the stream is closing. */
  add(viewer: Viewer, watcher: Watcher): boolean {
    if (this.#state.kind === "closing") return false
    this.#watchers.set(viewer, watcher)
    this.#audienceVersion++
    if (this.#state.kind === "idle") {
      clearTimeout(this.#state.timer)
      this.#state = { kind: "live" }
    }
    this.#fanOut.add(viewer)
    this.#options.logger.info("viewer joined", { ...this.#ids(), viewers: this.viewers.size })
    return true
  }

  /** Removes a viewer; true when it was the last one, so that the stream is idle now. */
  remove(viewer: Viewer): boolean {
    this.#fanOut.remove(viewer)
    if (this.#watchers.delete(viewer)) this.#audienceVersion++
    if (this.#state.kind !== "live") return false
    this.#options.logger.info("viewer left", { ...this.#ids(), viewers: this.viewers.size })
    if (this.viewers.size > 0) return false
    this.#becomeIdle()
    this.#options.logger.info("grace started", this.#ids())
    return true
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
    await this.#options.upstream.close().catch(() => undefined)
    this.#fanOut.close()
    this.#options.logger.info("live stream closed", {
      ...this.#ids(),
      reason,
      bytes: this.#bytes,
      failure: this.#failure === null ? null : describeFailure(this.#failure),
    })
    this.#resolveClosed(reason)
  }

  #becomeIdle(): void {
    const timer = setTimeout(() => {
      this.#options.logger.info("grace ended", this.#ids())
      void this.close("idle")
    }, this.#options.graceMilliseconds)
    this.#state = { kind: "idle", since: this.#options.now(), timer }
  }

  #take(chunk: Buffer): void {
    if (this.#state.kind === "closing") return
    this.#bytes += chunk.length
    this.#fanOut.push(this.#aligner.push(chunk))
    if (this.#aligner.discardedBytes > maxGarbageBytes && this.#aligner.discardedBytes > this.#bytes / 2)
      this.#upstreamEnded({ code: "not_video", what: "unknown" })
  }

  #upstreamEnded(failure: UpstreamFailure): void {
    if (this.#state.kind === "closing") return
    this.#failure = failure
    void this.close("upstream-failed")
  }

  #ids() {
    return { channel: this.channel, lease: this.connection.lease, source: this.connection.source }
  }
}
