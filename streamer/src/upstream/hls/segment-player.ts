import type { UpstreamFailure } from "../upstream.ts"
import type { Clock } from "./clock.ts"
import type { Segment } from "./playlist.ts"
import type { PlaylistFollower, Queued } from "./playlist-follower.ts"
import type { OpenSegment, SegmentResult, SegmentSource } from "./segment-source.ts"
import type { SegmentOutput } from "./ts-output.ts"

export interface SegmentPlayerOptions {
  follower: PlaylistFollower
  source: Pick<SegmentSource, "open">
  output: SegmentOutput
  clock: Clock
  signal: AbortSignal
  /** Resolves when somebody reads; until then segments are opened, and no more. */
  reading: Promise<void>
  /** The first segment that is to be played has begun to come. */
  onOpen: () => void
  onSkipped: (segments: number) => void
  /** Several segments in a row could not be had: whether the follower has others now. */
  onUseless: (hasPlayed: boolean) => Promise<boolean>
}

// More would come from the same hole: then another variant, or another feed, is the better try.
const mostMissedInARow = 3
const mostMissedAtOpening = 2
// How far a complete playlist is played ahead of time.
const leadTargets = 3

/** Plays the queue of a follower: each segment once, the next one loaded while one is played. */
export class SegmentPlayer {
  readonly #options: SegmentPlayerOptions
  #prefetch: { segment: Segment; result: Promise<SegmentResult> } | null = null
  #hasOpened = false
  #isBroken = false
  #missedInARow = 0
  #startedAt = 0
  #playedSeconds = 0

  constructor(options: SegmentPlayerOptions) {
    this.#options = options
  }

  /** Until the follower's end, or a failure. */
  async run(): Promise<UpstreamFailure> {
    const { follower, output, signal } = this.#options
    while (true) {
      const queued = await follower.next()
      if (signal.aborted) return { code: "aborted" }
      if ("code" in queued) {
        if (queued.code === "finished") await output.end()
        return queued
      }
      await this.#pace()
      const failure = await this.#play(queued)
      if (signal.aborted) return { code: "aborted" }
      if (failure === null) {
        this.#missedInARow = 0
        continue
      }
      this.#isBroken = true
      this.#missedInARow++
      this.#options.onSkipped(1)
      if (failure.code === "unsupported" || !(await this.#isWorthGoingOn())) return failure
    }
  }

  /** Drops what was loaded ahead. */
  stop(): void {
    this.#prefetch?.result
      .then((result) => {
        if (result.ok) result.value.body.cancel()
      })
      .catch(() => undefined)
    this.#prefetch = null
  }

  async #isWorthGoingOn(): Promise<boolean> {
    if (this.#missedInARow < (this.#hasOpened ? mostMissedInARow : mostMissedAtOpening)) return true
    this.#missedInARow = 0
    this.stop()
    return await this.#options.onUseless(this.#hasOpened)
  }

  /** A playlist that has everything at once is played no faster than it lasts. */
  async #pace(): Promise<void> {
    const { follower, clock, signal } = this.#options
    if (!follower.isComplete || !this.#hasOpened) return
    const aheadSeconds = this.#playedSeconds - leadTargets * follower.targetSeconds
    const dueAt = this.#startedAt + aheadSeconds * 1000
    if (dueAt > clock.now()) await clock.sleep(dueAt - clock.now(), signal)
  }

  /** Null when all of it was played; else it is missed, or the part of it that did not come. */
  async #play({ segment, isBroken }: Queued): Promise<UpstreamFailure | null> {
    if (segment.isGap) return { code: "ended" }
    this.#isBroken ||= isBroken || segment.isDiscontinuous
    let playedBytes = 0
    let failure: UpstreamFailure = { code: "aborted" }
    for (let attempt = 1; attempt <= 3 && !this.#options.signal.aborted; attempt++) {
      const wanted = await this.#wanted(segment, attempt)
      if (wanted === null) break
      const result =
        attempt === 1 ? await this.#open(segment, wanted) : await this.#options.source.open(wanted)
      if (!result.ok) {
        failure = result.failure
        if (failure.code === "unsupported") return failure
        continue
      }
      const end = await this.#deliver(result.value, playedBytes)
      playedBytes = Math.max(playedBytes, end.bytes)
      if (end.reason.code === "ended") {
        this.#playedSeconds += segment.seconds
        return null
      }
      failure = end.reason
    }
    return failure
  }

  /** At once, at once again, then when the playlist may have another address for it. */
  async #wanted(segment: Segment, attempt: number): Promise<Segment | null> {
    const { follower } = this.#options
    if (attempt < 3) return follower.fresh(segment) ?? segment
    // Another feed is the quicker way then.
    if (!this.#hasOpened) return null
    await follower.nextLoad()
    return follower.fresh(segment)
  }

  /** What was loaded ahead, when it is this one: another may have taken its place in the queue. */
  async #open(queued: Segment, wanted: Segment): Promise<SegmentResult> {
    if (this.#prefetch?.segment === queued) {
      const { result } = this.#prefetch
      this.#prefetch = null
      return await result
    }
    this.stop()
    return await this.#options.source.open(wanted)
  }

  async #deliver(open: OpenSegment, skipBytes: number): Promise<{ reason: UpstreamFailure; bytes: number }> {
    const { output, clock, reading, onOpen, signal } = this.#options
    if (!this.#hasOpened) {
      this.#hasOpened = true
      onOpen()
      await reading
      this.#startedAt = clock.now()
    }
    // What is tried again continues what came of it before.
    if (skipBytes === 0) await output.begin(open, this.#isBroken)
    this.#isBroken = false
    let bytes = 0
    const ended = open.body.read((chunk) => {
      const from = Math.min(Math.max(0, skipBytes - bytes), chunk.length)
      bytes += chunk.length
      if (!signal.aborted && from < chunk.length) output.write(chunk.subarray(from))
    })
    await this.#prefetchDuring(ended)
    const reason = await ended
    await output.flushed()
    return { reason, bytes }
  }

  /** As soon as the next segment is known. */
  async #prefetchDuring(playing: Promise<unknown>): Promise<void> {
    const { follower } = this.#options
    let isPlaying = true
    const played = playing.finally(() => {
      isPlaying = false
    })
    while (isPlaying && this.#prefetch === null) {
      this.#prefetchNext()
      if (follower.isOver) return
      await Promise.race([played, follower.nextLoad()])
    }
  }

  #prefetchNext(): void {
    const { follower, source } = this.#options
    const next = follower.head?.segment
    if (next === undefined || next.isGap || this.#prefetch !== null) return
    const result = source.open(next)
    result.catch(() => undefined)
    this.#prefetch = { segment: next, result }
  }
}
