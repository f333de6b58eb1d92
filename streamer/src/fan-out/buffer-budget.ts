/** A live stream, a transcode or an HLS output, as far as its buffers go. Each call returns what it holds afterwards. */
export interface BufferHolder {
  /** Gives up what only those need who are behind: they go on with something newer. */
  giveUpBacklog(): number
  /** Gives up what joiners begin with: they begin with less, or later. */
  giveUpOpening(): number
}

/** What all streams of this process hold together (`MAX_BUFFER_SIZE`). */
export class BufferBudget {
  readonly #maxBytes: () => number
  readonly #held = new Map<BufferHolder, number>()
  #bytes = 0

  constructor(maxBytes: () => number) {
    this.#maxBytes = maxBytes
  }

  get bytes(): number {
    return this.#bytes
  }

  /** Takes note of what a stream holds; when all is used, those who hold the most give up some of it at once. */
  report(holder: BufferHolder, bytes: number): void {
    this.#note(holder, bytes)
    if (this.#isExhausted) this.#relieve((each) => each.giveUpBacklog())
    if (this.#isExhausted) this.#relieve((each) => each.giveUpOpening())
  }

  remove(holder: BufferHolder): void {
    this.#note(holder, 0)
    this.#held.delete(holder)
  }

  #relieve(give: (holder: BufferHolder) => number): void {
    const largestFirst = [...this.#held].sort(([, one], [, other]) => other - one)
    for (const [holder] of largestFirst) if (this.#isExhausted) this.#note(holder, give(holder))
  }

  get #isExhausted(): boolean {
    return this.#bytes > this.#maxBytes()
  }

  #note(holder: BufferHolder, bytes: number): void {
    this.#bytes += bytes - (this.#held.get(holder) ?? 0)
    this.#held.set(holder, bytes)
  }
}
