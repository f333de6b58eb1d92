import type { UpstreamFailure } from "../upstream.ts"
import { advance, type Position } from "./advance.ts"
import type { Clock } from "./clock.ts"
import type { MediaPlaylist, Segment } from "./playlist.ts"
import type { PlaylistKeeper, PlaylistResult } from "./playlist-keeper.ts"
import { reloadMilliseconds, stalledAfterMilliseconds } from "./reload-delay.ts"

/** A segment to be played, and whether it continues the one before it in the queue. */
export interface Queued {
  segment: Segment
  isBroken: boolean
}

export interface FollowerOptions {
  keeper: Pick<PlaylistKeeper, "load">
  clock: Clock
  stallMilliseconds: number
  /** Ends the following. */
  signal: AbortSignal
  /** Segments were passed by: the window had moved on before they could be loaded. */
  onSkipped: (segments: number) => void
}

/** Loads a playlist again and again, and queues its segments, each once. */
export class PlaylistFollower {
  readonly #options: FollowerOptions
  readonly #queue: Queued[] = []
  #position: Position | null = null
  #newest = new Map<number, Segment>()
  #targetSeconds = 0
  #isComplete = false
  #isBroken = false
  #failure: UpstreamFailure | null = null
  #loadFailure: UpstreamFailure | null = null
  #news = Promise.withResolvers<void>()

  /** Begins with the segment of that number, where the playlist has it. */
  constructor(options: FollowerOptions, first: MediaPlaylist, startAt?: number) {
    this.#options = options
    if (first.segments.some(({ sequence }) => sequence === startAt) && startAt !== undefined)
      this.#position = { next: startAt, loadsBehind: 0 }
    this.#take(first, false)
  }

  get targetSeconds(): number {
    return this.#targetSeconds
  }

  get isComplete(): boolean {
    return this.#isComplete
  }

  /** There will be no further load. */
  get isOver(): boolean {
    return this.#isComplete || this.#failure !== null || this.#options.signal.aborted
  }

  /** Why the last load failed; null when it did not. */
  get loadFailure(): UpstreamFailure | null {
    return this.#loadFailure
  }

  /** The next in the queue, which stays there. */
  get head(): Queued | null {
    return this.#queue[0] ?? null
  }

  /** Takes the next segment, when there is one; the reason of the end, when there will be none. */
  async next(): Promise<Queued | UpstreamFailure> {
    while (true) {
      const queued = this.#queue.shift()
      if (queued !== undefined) return queued
      if (this.#options.signal.aborted) return { code: "aborted" }
      if (this.#failure !== null) return this.#failure
      if (this.#isComplete) return { code: "finished" }
      await this.#news.promise
    }
  }

  /** A segment by the address that it has in the newest playlist; null when that has it no more. */
  fresh({ sequence }: Segment): Segment | null {
    return this.#newest.get(sequence) ?? null
  }

  /** Resolves at the next load, or when there will be none. */
  async nextLoad(): Promise<void> {
    if (!this.isOver) await this.#news.promise
  }

  /** Until the playlist is complete, stalls, or the signal aborts. */
  async run(): Promise<void> {
    const { keeper, clock, signal, stallMilliseconds } = this.#options
    signal.addEventListener("abort", () => this.#tell(), { once: true })
    let beganAt = clock.now()
    let newAt = beganAt
    let broughtNew = true
    while (!this.#isComplete && !signal.aborted) {
      const dueAt = beganAt + reloadMilliseconds(this.#targetSeconds, broughtNew)
      await clock.sleep(Math.max(0, dueAt - clock.now()), signal)
      if (signal.aborted) break
      beganAt = clock.now()
      const result = await keeper.load()
      this.#loadFailure = result.ok ? null : result.failure
      broughtNew = result.ok && this.#take(result.playlist, result.switched)
      if (broughtNew) newAt = clock.now()
      const isStalled =
        clock.now() - newAt >= stalledAfterMilliseconds(this.#targetSeconds, stallMilliseconds)
      if (!this.#isComplete && isStalled && this.#queue.length === 0)
        this.#failure = this.#loadFailure ?? { code: "stalled" }
      this.#tell()
      if (this.#failure !== null) break
    }
    this.#tell()
  }

  /** Goes on with a playlist that was loaded out of turn; begins with it when nothing was played yet. */
  take({ playlist, switched }: Extract<PlaylistResult, { ok: true }>, hasPlayed: boolean): void {
    if (!hasPlayed) {
      this.#queue.length = 0
      this.#position = null
    }
    this.#take(playlist, switched)
    this.#tell()
  }

  /** Whether it brought something new. */
  #take(playlist: MediaPlaylist, switched: boolean): boolean {
    // A segment of another variant continues nothing, also where it has the next number.
    if (switched) {
      const [waiting] = this.#queue.splice(0)
      if (waiting !== undefined) this.#position = { next: waiting.segment.sequence, loadsBehind: 0 }
      this.#isBroken = true
    }
    const { position, segments, isBroken, skipped } = advance(this.#position, playlist)
    this.#position = position
    this.#targetSeconds = playlist.targetSeconds
    this.#isComplete = playlist.isComplete
    this.#newest = new Map(playlist.segments.map((segment) => [segment.sequence, segment]))
    this.#isBroken ||= isBroken
    if (skipped > 0) this.#options.onSkipped(skipped)
    for (const segment of segments) {
      this.#queue.push({ segment, isBroken: this.#isBroken })
      this.#isBroken = false
    }
    return segments.length > 0
  }

  #tell(): void {
    this.#news.resolve()
    this.#news = Promise.withResolvers()
  }
}
