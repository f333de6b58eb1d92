import { stateWatchers } from "@tributary/shared/lease/watchers"
import type { Logger } from "@tributary/shared/log/log"
import type { StreamMetrics } from "../metrics/stream-metrics.ts"
import type { Connection } from "../pool/live-stream.ts"
import type { StreamReport } from "../pool/stream-report.ts"
import type { Arrival, Audience } from "../session/lease-keeper.ts"

/** What a playback plays: a film, or something of the past. */
export interface Content {
  readonly bytesReceived: number
  /** Nobody reads it any more, but somebody may again. */
  rest(): Promise<void>
  /** Idempotent; resolves when its connection is gone. */
  close(): Promise<void>
}

/** One of a viewer's connections to a playback. */
export interface Attendant {
  readonly bytesSent: number
  /** Ends it now. */
  destroy(): void
}

export type PlaybackKind = "movie" | "episode" | "catchup"

/** As of a live stream; `kind` says what it is. */
export type PlaybackReport = StreamReport & { kind: PlaybackKind }

export type PlaybackCloseReason = "idle" | "yielded" | "lease-lost" | "stopped" | "shutdown"

export interface PlaybackOptions<Played extends Content> {
  /** Of the playback: `channel~owner`. */
  key: string
  channel: string
  kind: PlaybackKind
  connection: Omit<Connection, "relay">
  content: Played
  /** So long it lives on after its last connection. */
  lingerMilliseconds: number
  metrics: StreamMetrics
  /** Unix milliseconds. */
  now: () => number
  logger: Logger
}

type State =
  | { kind: "idle"; timer: NodeJS.Timeout }
  | { kind: "live" }
  | { kind: "closing"; reason: PlaybackCloseReason }

/** One viewer's playing of what is not shared, on one lease, with as many connections as the player makes. */
export class Playback<Played extends Content> {
  readonly content: Played
  readonly startedAt: number
  /** Resolves when the upstream's socket is gone and the viewer's connections are ended. */
  readonly closed: Promise<PlaybackCloseReason>
  readonly #options: PlaybackOptions<Played>
  readonly #attending = new Map<Attendant, Arrival & { joinedAt: number }>()
  #audienceVersion = 0
  /** By connections that have ended. */
  #bytesSentBefore = 0
  #state: State
  #resolveClosed: (reason: PlaybackCloseReason) => void = () => undefined

  constructor(options: PlaybackOptions<Played>) {
    this.#options = options
    this.content = options.content
    this.startedAt = options.now()
    this.closed = new Promise((resolve) => {
      this.#resolveClosed = resolve
    })
    this.#state = this.#idle()
  }

  get key(): string {
    return this.#options.key
  }

  get channel(): string {
    return this.#options.channel
  }

  get connection(): Omit<Connection, "relay"> {
    return this.#options.connection
  }

  get isIdle(): boolean {
    return this.#state.kind === "idle"
  }

  get isOpen(): boolean {
    return this.#state.kind !== "closing"
  }

  /** Connections of the viewer. */
  get size(): number {
    return this.#attending.size
  }

  /** Who reads it. */
  get arrivals(): Arrival[] {
    return [...this.#attending.values()].map(({ session, viewer }) => ({ session, viewer }))
  }

  /** For the store. */
  get audience(): Audience {
    return { version: this.#audienceVersion, watchers: stateWatchers(this.#attending.values()) }
  }

  /** A connection begins; false when the playback is closing. */
  attend(attendant: Attendant, { session, viewer }: Arrival): boolean {
    if (this.#state.kind === "closing") return false
    if (this.#state.kind === "idle") clearTimeout(this.#state.timer)
    this.#state = { kind: "live" }
    this.#attending.set(attendant, { session, viewer, joinedAt: this.#options.now() })
    this.#audienceVersion++
    this.#options.metrics.viewerJoined()
    return true
  }

  leave(attendant: Attendant): void {
    if (!this.#attending.delete(attendant)) return
    this.#bytesSentBefore += attendant.bytesSent
    this.#audienceVersion++
    if (this.#state.kind !== "live" || this.#attending.size > 0) return
    this.#state = this.#idle()
    void this.content.rest()
  }

  report(): PlaybackReport {
    const { key, channel, kind, connection, content } = this.#options
    const viewers = [...this.#attending].map(([{ bytesSent }, { session, viewer, joinedAt }]) => ({
      ...{ session, viewer, isRelay: false, joinedAt, bytesSent, moves: 0 },
    }))
    return {
      ...{ id: key, channel, kind, ...connection, relay: null, transcode: null },
      ...{ state: this.#state.kind, isFailover: false, startedAt: this.startedAt },
      bytesReceived: content.bytesReceived,
      bytesSent: this.#bytesSentBefore + viewers.reduce((sum, { bytesSent }) => sum + bytesSent, 0),
      ...{ bitsPerSecond: 0, failovers: 0, lastFailure: null, format: null, viewers },
    }
  }

  /** Closes the upstream, then ends the viewer's connections; the same promise for every caller. */
  close(reason: PlaybackCloseReason): Promise<PlaybackCloseReason> {
    if (this.#state.kind === "closing") return this.closed
    if (this.#state.kind === "idle") clearTimeout(this.#state.timer)
    this.#state = { kind: "closing", reason }
    void this.#shutDown(reason)
    return this.closed
  }

  async #shutDown(reason: PlaybackCloseReason): Promise<void> {
    const { content, logger, key, channel, connection } = this.#options
    const { lease, source, feed } = connection
    await content.close().catch(() => undefined)
    for (const attendant of this.#attending.keys()) attendant.destroy()
    logger.info("playback closed", {
      key,
      channel,
      lease,
      source,
      feed,
      reason,
      bytes: content.bytesReceived,
    })
    this.#resolveClosed(reason)
  }

  #idle(): State {
    const timer = setTimeout(() => void this.close("idle"), this.#options.lingerMilliseconds)
    return { kind: "idle", timer }
  }
}
