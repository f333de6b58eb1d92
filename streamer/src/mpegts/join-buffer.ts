import { JoinPointFinder } from "./join-points.ts"

/** What a viewer who joins now is sent first. */
export interface Opening {
  tables: Buffer
  /** From the newest keyframe up to now. */
  chunks: readonly Buffer[]
}

/** A chunk of whole packets on its way to the viewers. */
export interface Batch {
  packets: Buffer
  /** The first place in it, or just before it, where a waiting viewer can start; null when there is none. */
  opening: Opening | null
}

/**
 * Keeps a live stream from its newest keyframe on, so that a joiner has a picture at once. When a group of
 * pictures is larger than `maxBytes`, joiners wait for the next keyframe.
 */
export class JoinBuffer {
  readonly #finder = new JoinPointFinder()
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

  /** Takes whole packets; memory is held until the next keyframe. */
  push(packets: Buffer): Batch {
    const points = this.#finder.push(packets)
    this.#chunks.push(packets)
    this.#bytes += packets.length
    const newest = points.at(-1)
    if (newest === undefined) {
      if (this.#bytes > this.#maxBytes) this.#forget()
      return { packets, opening: null }
    }
    this.#trimBefore(this.#bytes - packets.length + newest.offset)
    this.#tables = newest.tables
    return { packets, opening: this.opening() }
  }

  /** How a viewer who joins now starts; null while no keyframe is known. */
  opening(): Opening | null {
    return this.#tables === null ? null : { tables: this.#tables, chunks: [...this.#chunks] }
  }

  #trimBefore(offset: number): void {
    let drop = Math.max(0, offset)
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

  #forget(): void {
    this.#tables = null
    this.#chunks = []
    this.#bytes = 0
  }
}
