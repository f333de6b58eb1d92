import type { UpstreamFailure } from "../../upstream/upstream.ts"

/** What takes a range's bytes: a player's response. */
export interface RangeSink {
  /** Takes them at once; gives how many bytes it has not sent on yet. */
  give(chunk: Buffer): number
  /** So many of its bytes are not sent on yet. */
  readonly heldBytes: number
  /** Calls this whenever it has sent on what it held. */
  onDrained(listener: () => void): void
}

/** How a range ended. */
export type RangeEnd =
  /** All of it was given to the sink. */
  | { code: "given" }
  | { code: "left" | "closed" }
  /** The provider has another file there by now. */
  | { code: "changed" }
  /** A later request took its place, where the provider can only send the file from its beginning. */
  | { code: "replaced" }
  | { code: "failed"; failure: UpstreamFailure }

/** A part of a film that a player reads, from its next byte `at` on. */
export class FilmRange {
  at: number
  /** Not included; null: as far as the provider sends. */
  readonly end: number | null
  /** In a row, without a byte between them. */
  failures = 0
  readonly sink: RangeSink
  readonly ended: Promise<RangeEnd>
  readonly #gone = new AbortController()
  readonly #resolve: (end: RangeEnd) => void

  constructor({ first, end }: { first: number; end: number | null }, sink: RangeSink) {
    this.at = first
    this.end = end
    this.sink = sink
    const { promise, resolve } = Promise.withResolvers<RangeEnd>()
    this.ended = promise
    this.#resolve = resolve
  }

  /** Aborts when it has ended. */
  get signal(): AbortSignal {
    return this.#gone.signal
  }

  get isOver(): boolean {
    return this.#gone.signal.aborted
  }

  /** Takes what is of the range; gives how many bytes that were. */
  take(chunk: Buffer): number {
    const left = this.end === null ? chunk.length : this.end - this.at
    const bytes = chunk.length > left ? chunk.subarray(0, left) : chunk
    this.at += bytes.length
    if (bytes.length > 0) {
      this.failures = 0
      this.sink.give(bytes)
    }
    if (this.at === this.end) this.finish({ code: "given" })
    return bytes.length
  }

  finish(end: RangeEnd): void {
    this.#resolve(end)
    this.#gone.abort()
  }
}
