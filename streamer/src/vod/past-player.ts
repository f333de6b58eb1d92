import type { Feed } from "@tributary/shared/catalogue/entry"
import type { Settings } from "@tributary/shared/config/settings"
import type { Ticket } from "@tributary/shared/ticket"
import { askAgain, type ClosedConnections } from "../pool/ask-again.ts"
import type { OpenSource } from "../upstream/open-feed.ts"
import type { UpstreamFailure } from "../upstream/upstream.ts"
import type { OpenedContent, Target } from "./open-playback.ts"
import type { Content } from "./playback.ts"

/** What of a channel's past is played: from Unix seconds on, for so many seconds. */
export type PastTime = NonNullable<Ticket["catchup"]>

/** An open connection to a channel's past. */
export interface Past {
  contentType: string
  /** Waits for each piece to be taken; resolves with the reason of the end. Called once. */
  read(onChunk: (chunk: Buffer) => Promise<void> | void): Promise<UpstreamFailure>
  /** Idempotent; resolves when its socket is gone. */
  close(): Promise<void>
}

export type PastResult = { ok: true; past: Past } | { ok: false; failure: UpstreamFailure }

export type OpenPast = (
  feed: Feed,
  source: OpenSource,
  profile: string,
  settings: Settings,
  time: PastTime,
  signal: AbortSignal,
) => Promise<PastResult>

export interface PastPlayerOptions {
  openPast: OpenPast
  closed: ClosedConnections
}

/** A viewer's playing of one channel's past: one connection at a time, the newest request's. */
export class PastPlayer implements Content {
  bytesReceived = 0
  readonly #options: PastPlayerOptions
  readonly #target: Target
  readonly #closing = new AbortController()
  /** `reader` is null until somebody reads it. */
  #current: { time: PastTime; past: Past; reader: { destroy(): void } | null } | null
  #newest = new AbortController()
  /** Each request begins when the one before has opened, or given up. */
  #begun: Promise<void> = Promise.resolve()
  #stopped: Promise<void> = Promise.resolve()

  private constructor(options: PastPlayerOptions, target: Target, time: PastTime, past: Past) {
    this.#options = options
    this.#target = target
    this.#current = { time, past, reader: null }
  }

  /** Opens a time for its first reader. */
  static async open(
    options: PastPlayerOptions,
    target: Target,
    time: PastTime,
    signal: AbortSignal,
  ): Promise<OpenedContent<PastPlayer>> {
    const { feed, source, profile, settings } = target
    const opened = await options.openPast(feed, source, profile, settings, time, signal)
    return opened.ok ? { ok: true, content: new PastPlayer(options, target, time, opened.past) } : opened
  }

  /**
   * Begins at a time: closes the connection that is read before, ends its reader, then opens. A later call takes the
   * place of one that still waits; that one's failure is "aborted".
   */
  async begin(time: PastTime, reader: { destroy(): void }, left: AbortSignal): Promise<PastResult> {
    this.#newest.abort()
    const own = new AbortController()
    this.#newest = own
    const before = this.#begun
    const { promise, resolve } = Promise.withResolvers<void>()
    this.#begun = promise
    try {
      await before
      return await this.#begin(time, reader, AbortSignal.any([own.signal, left, this.#closing.signal]))
    } finally {
      resolve()
    }
  }

  /** A reader has ended. */
  async end(past: Past): Promise<void> {
    if (this.#current?.past === past) await this.#stop()
  }

  async rest(): Promise<void> {
    await this.#stop()
  }

  async close(): Promise<void> {
    this.#closing.abort()
    await this.#begun
    await this.#stop()
  }

  async #begin(time: PastTime, reader: { destroy(): void }, signal: AbortSignal): Promise<PastResult> {
    if (signal.aborted) return aborted
    const current = this.#current
    if (current !== null && current.reader === null && isSameTime(current.time, time)) {
      current.reader = reader
      return { ok: true, past: current.past }
    }
    await this.#stop()
    const { feed, source, profile, settings } = this.#target
    const { openPast, closed } = this.#options
    const opened = await askAgain(
      () => openPast(feed, source, profile, settings, time, signal),
      (result) => (result.ok ? null : result.failure),
      { mayLag: () => closed.isRecentlyClosed(this.#account), signal },
    )
    if (!opened.ok) return opened
    this.#current = { time, past: opened.past, reader }
    if (!signal.aborted) return opened
    await this.#stop()
    return aborted
  }

  /** Resolves when nothing is open, also when another caller has it closed already. */
  #stop(): Promise<void> {
    this.#stopped = this.#stopped.then(() => this.#closeCurrent())
    return this.#stopped
  }

  async #closeCurrent(): Promise<void> {
    const current = this.#current
    this.#current = null
    if (current === null) return
    await current.past.close()
    this.#options.closed.noteClosed(this.#account, false)
    current.reader?.destroy()
  }

  get #account(): { source: string; profile: string } {
    return { source: this.#target.feed.source, profile: this.#target.profile }
  }
}

const aborted: PastResult = { ok: false, failure: { code: "aborted" } }

const isSameTime = (one: PastTime, other: PastTime) =>
  one.start === other.start && one.seconds === other.seconds
