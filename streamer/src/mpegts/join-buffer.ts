import { JoinPointFinder } from "./join-points.ts"
import { StreamPosition } from "./stream-position.ts"

/** What a viewer who joins now is sent first. */
export interface Opening {
  tables: Buffer
  /** From the newest keyframe up to now. */
  chunks: readonly Buffer[]
}

/** A chunk of whole packets on its way to the viewers. */
export interface Batch {
  packets: Buffer
  /** It holds, or completes, a place where a waiting viewer can start: `opening()` is new. */
  hasOpening: boolean
}

/**
 * Keeps a live stream from its newest keyframe on, so that a joiner has a picture at once. When a group of
 * pictures is larger than `maxBytes`, joiners wait for the next keyframe.
 */
export class JoinBuffer {
  readonly #finder = new JoinPointFinder()
  readonly #position = new StreamPosition()
  readonly #maxBytes: number
  #tables: Buffer | null = null
  #chunks: Buffer[] = []
  #bytes = 0

  constructor(maxBytes: number) {
    this.#maxBytes = maxBytes
  }

  get streams() {
    return this.#finder.streams
  }

  /** Bytes held for joiners: at most `maxBytes` and one chunk. */
  get bytes(): number {
    return this.#bytes
  }

  /** Takes whole packets; memory is held until the next keyframe. */
  push(packets: Buffer): Batch {
    const points = this.#finder.push(packets)
    this.#position.push(packets)
    this.#chunks.push(packets)
    this.#bytes += packets.length
    const newest = points.at(-1)
    const start = newest === undefined ? -1 : this.#bytes - packets.length + newest.offset
    // A keyframe whose beginning is not held any more is of no use.
    const hasOpening = newest !== undefined && start >= 0
    if (hasOpening) {
      this.#tables = newest.tables
      this.#trimBefore(start)
    } else if (this.#tables === null || this.#bytes > this.#maxBytes) this.forget()
    return { packets, hasOpening }
  }

  /** How a viewer who joins now starts; null while no keyframe is known. */
  opening(): Opening | null {
    return this.#tables === null ? null : { tables: this.#tables, chunks: [...this.#chunks] }
  }

  /**
   * What a viewer is sent before `opening()` when they are moved there from an earlier place of this stream:
   * packets that announce the jump of counters and clock (ISO 13818-1 2.4.3.5). Null while there is no opening.
   */
  jump(): Buffer | null {
    return this.#tables === null ? null : this.#position.jumpTo([this.#tables, ...this.#chunks])
  }

  /** Gives memory back: joiners wait for the next keyframe, and only a picture that may be one is kept. */
  forget(): void {
    this.#tables = null
    const undecided = this.#finder.undecidedOffset
    const kept = undecided === null || -undecided > this.#maxBytes ? 0 : -undecided
    this.#trimBefore(Math.max(0, this.#bytes - kept))
  }

  #trimBefore(offset: number): void {
    let drop = offset
    while (drop > 0) {
      const [first] = this.#chunks
      if (first === undefined) break
      const taken = Math.min(drop, first.length)
      if (taken === first.length) this.#chunks.shift()
      else this.#chunks[0] = first.subarray(taken)
      this.#bytes -= taken
      drop -= taken
    }
  }
}
