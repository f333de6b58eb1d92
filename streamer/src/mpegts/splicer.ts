import { packetBytes } from "./packet.ts"
import { Feed } from "./splice/feed.ts"
import { FeedStart } from "./splice/feed-start.ts"
import { Output } from "./splice/output.ts"
import type { Following } from "./splice/output-clock.ts"

/**
 * How what comes next differs from what came before. "segment": the next HLS segment of the same stream,
 * whose counters may start anew. "discontinuity": other media, whose time follows on the last one's.
 * "feed": other media, after a gap that the viewers have lived through.
 */
export type SeamKind = "segment" | "discontinuity" | "feed"

type State = { kind: "waiting"; following: Following; start: FeedStart } | { kind: "flowing"; feed: Feed }

const defaultMaxBytes = 16 * 1024 * 1024
const none = Buffer.alloc(0)

/**
 * Makes one continuous transport stream of many that follow each other: feeds that fail over, HLS segments,
 * a slate. The first one passes as it is; later ones get its PIDs, counters and times.
 */
export class Splicer {
  readonly #maxBytes: number
  readonly #output = new Output()
  #isFirst = true
  #state: State

  /** `maxBytes` bounds what is held while a join point is being decided. */
  constructor({ maxBytes = defaultMaxBytes }: { maxBytes?: number } = {}) {
    this.#maxBytes = maxBytes
    this.#state = this.#wait("wall")
  }

  /** Nothing has come out since the start, or since the last seam other than "segment". */
  get isWaiting(): boolean {
    return this.#state.kind === "waiting"
  }

  /** Bytes held back: at most `maxBytes` and one chunk. */
  get bytes(): number {
    return this.#state.kind === "waiting" ? this.#state.start.bytes : 0
  }

  /** Whole packets in, whole packets out; edits `packets` in place. `nowMs` is of a clock that never goes back. */
  push(packets: Buffer, nowMs: number): Buffer {
    const whole =
      packets.length % packetBytes === 0 ? packets : packets.subarray(0, -(packets.length % packetBytes))
    if (this.#state.kind === "flowing") return this.#state.feed.push(whole, nowMs)
    const { start, following } = this.#state
    const found = start.push(whole)
    if (found === null) return none
    const { feed, out } = this.#isFirst
      ? Feed.first(this.#output, found, nowMs)
      : Feed.later(this.#output, found, { following, nowMs })
    this.#isFirst = false
    this.#state = { kind: "flowing", feed }
    return out
  }

  /** What is pushed from now on does not continue what came before. */
  seam(kind: SeamKind): void {
    if (kind === "segment") {
      if (this.#state.kind === "flowing") this.#state.feed.restartCounters()
      else this.#state.start.restartCounters()
      return
    }
    // Of two seams with nothing between, the one that took the viewers' time counts.
    const isStillWall = this.#state.kind === "waiting" && this.#state.following === "wall"
    this.#state = this.#wait(kind === "feed" || isStillWall ? "wall" : "media")
  }

  #wait(following: Following): State {
    const needs = this.#isFirst ? "picture" : following === "wall" ? "clock" : "clock and sound"
    return { kind: "waiting", following, start: new FeedStart(this.#maxBytes, needs) }
  }
}
