// Enough to hide the way to the edge, few enough to bound what waits in memory.
const parallel = 3

/** Runs uploads a few at a time; what failed is told at the next call. */
export class Uploads {
  readonly #running = new Set<Promise<void>>()
  #failure: { error: unknown } | null = null

  /** Starts an upload; await `room` before the next one. */
  add(upload: () => Promise<unknown>): void {
    const running: Promise<void> = upload()
      .then(
        () => undefined,
        (error: unknown) => {
          this.#failure ??= { error }
        },
      )
      .finally(() => this.#running.delete(running))
    this.#running.add(running)
  }

  /** Resolves when another upload may start; rejects when one has failed. */
  async room(): Promise<void> {
    while (this.#running.size >= parallel) await Promise.race(this.#running)
    this.#throwFailure()
  }

  /** Resolves when all have ended; rejects when one has failed. */
  async done(): Promise<void> {
    await Promise.all(this.#running)
    this.#throwFailure()
  }

  #throwFailure(): void {
    if (this.#failure !== null) throw this.#failure.error
  }
}
