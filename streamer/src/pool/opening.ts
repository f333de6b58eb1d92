/** A live stream that is being opened, for all who wait for it. When the last of them leaves, it is given up. */
export class Opening<Result> {
  readonly result: Promise<Result>
  /** The lease it is opened on, once that is known to be ours. */
  lease: string | null = null
  readonly #abort = new AbortController()
  #waiting = 0

  constructor(open: (opening: Opening<Result>) => Promise<Result>) {
    this.result = open(this)
  }

  get signal(): AbortSignal {
    return this.#abort.signal
  }

  /** Gives it up: its result is a failure, unless it is open already. */
  abort(): void {
    this.#abort.abort()
  }

  /** The result, for one more who waits; `left` aborts when they do not any more. */
  async wait(left: AbortSignal): Promise<Result> {
    const leave = () => {
      if (--this.#waiting === 0) this.abort()
    }
    this.#waiting++
    if (left.aborted) leave()
    else left.addEventListener("abort", leave, { once: true })
    try {
      return await this.result
    } finally {
      left.removeEventListener("abort", leave)
    }
  }
}
