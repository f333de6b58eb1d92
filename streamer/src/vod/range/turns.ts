/** As much a range gets in one turn while another waits. */
export const turnBytes = 1024 * 1024

// A range whose player takes nothing for so long gives its turn to one that waits.
const fullMilliseconds = 100

// A range that wanted nothing for so long is not counted with: its player has paused, or reads in long steps.
const rivalMilliseconds = 10_000

export interface Turn<Range> {
  range: Range
  /** Others want bytes, too: it is to ask for no more than `turnBytes`, so that no connection has to be broken off. */
  isShared: boolean
}

/**
 * Which of the ranges that one player reads has the one connection, all times being monotonic milliseconds. They take
 * turns in the order in which they wanted something. A range alone has it for as long as it likes.
 */
export class Turns<Range> {
  readonly #waiting: Range[] = []
  /** When each range wanted bytes last. */
  readonly #wantedAt = new Map<Range, number>()
  #current: { range: Range; bytes: number; fullAt: number | null } | null = null

  /** A range can take bytes. */
  want(range: Range, now: number): void {
    this.#wantedAt.set(range, now)
    if (this.#current?.range === range) this.#current.fullAt = null
    else if (!this.#waiting.includes(range)) this.#waiting.push(range)
  }

  /** A range can take no more for now. */
  full(range: Range, now: number): void {
    if (this.#current?.range === range) this.#current.fullAt ??= now
  }

  gave(range: Range, bytes: number, now: number): void {
    if (this.#current?.range !== range) return
    this.#current.bytes += bytes
    this.#wantedAt.set(range, now)
  }

  leave(range: Range): void {
    this.#wantedAt.delete(range)
    const at = this.#waiting.indexOf(range)
    if (at >= 0) this.#waiting.splice(at, 1)
    if (this.#current?.range === range) this.#current = null
  }

  /** The next one's turn; null while nobody waits. The one before must have ended. */
  begin(now: number): Turn<Range> | null {
    const range = this.#waiting.shift()
    if (range === undefined) return null
    this.#current = { range, bytes: 0, fullAt: null }
    const isShared = [...this.#wantedAt].some(
      ([other, wantedAt]) => other !== range && now - wantedAt < rivalMilliseconds,
    )
    return { range, isShared }
  }

  end(): void {
    this.#current = null
  }

  /** In how many milliseconds the turn has to end, 0 being now; null while that depends on what comes. */
  endsIn(now: number): number | null {
    if (this.#current === null || this.#waiting.length === 0) return null
    const { bytes, fullAt } = this.#current
    if (bytes >= turnBytes) return 0
    return fullAt === null ? null : Math.max(0, fullAt + fullMilliseconds - now)
  }
}
