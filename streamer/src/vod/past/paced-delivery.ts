/** Gives pieces to one who takes them at their own pace, one after the other. */
export class PacedDelivery {
  readonly #take: (chunk: Buffer) => Promise<void> | void
  readonly #onGone: () => void
  readonly #stopped = Promise.withResolvers<void>()
  readonly #held: Buffer[] = []
  #heldBytes = 0
  #isStopped = false
  /** Until all is taken. */
  #giving: Promise<void> | null = null

  /** `onGone`: the taker failed, and gets nothing more. */
  constructor(take: (chunk: Buffer) => Promise<void> | void, onGone: () => void) {
    this.#take = take
    this.#onGone = onGone
  }

  /** What is not taken yet. */
  get heldBytes(): number {
    return this.#heldBytes
  }

  give(chunk: Buffer): void {
    if (this.#isStopped || chunk.length === 0) return
    this.#held.push(chunk)
    this.#heldBytes += chunk.length
    this.#giving ??= this.#giveAll()
  }

  /** Resolves when all that was given is taken, or nothing will be any more. */
  async taken(): Promise<void> {
    await Promise.race([this.#giving, this.#stopped.promise])
  }

  /** Drops what is held; whoever waits goes on. */
  stop(): void {
    this.#isStopped = true
    this.#held.length = 0
    this.#heldBytes = 0
    this.#stopped.resolve()
  }

  async #giveAll(): Promise<void> {
    try {
      for (let chunk = this.#held.shift(); chunk !== undefined; chunk = this.#held.shift()) {
        await this.#take(chunk)
        if (this.#isStopped) return
        this.#heldBytes -= chunk.length
      }
    } catch {
      this.stop()
      this.#onGone()
    } finally {
      this.#giving = null
    }
  }
}
