/** One exchange that waits for Redis. */
export type Waiting = { startedAt: number; expire: () => void }

/**
 * Bounds how long an exchange waits. Redis answers in order, so the oldest one tells about all, and one
 * slow timer replaces a timer per command.
 */
export class ReplyDeadline {
  readonly #timeoutMs: number
  readonly #waiting = new Set<Waiting>()
  readonly #timer: NodeJS.Timeout
  #progressedAt = 0

  constructor(timeoutMs: number) {
    this.#timeoutMs = timeoutMs
    // Replies that came while this process itself was busy are read before the verdict.
    this.#timer = setInterval(() => setImmediate(() => this.#expireLate()), Math.max(10, timeoutMs / 20))
    this.#timer.unref()
  }

  start(expire: () => void): Waiting {
    const startedAt = performance.now()
    if (this.#waiting.size === 0) this.#progressedAt = startedAt
    const waiting = { startedAt, expire }
    this.#waiting.add(waiting)
    return waiting
  }

  finish(waiting: Waiting): void {
    this.#progressedAt = performance.now()
    this.#waiting.delete(waiting)
  }

  /** True while Redis owes a reply and has given none for too long: new exchanges need not even start. */
  isStalled(): boolean {
    return this.#waiting.size > 0 && performance.now() - this.#progressedAt > this.#timeoutMs
  }

  close(): void {
    clearInterval(this.#timer)
  }

  /** An expired exchange stays in the set until Redis answers it or goes away: that is the stall's end. */
  #expireLate(): void {
    const limit = performance.now() - this.#timeoutMs
    for (const waiting of this.#waiting) {
      if (waiting.startedAt > limit) return
      waiting.expire()
    }
  }
}
