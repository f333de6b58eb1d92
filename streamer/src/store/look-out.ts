/** Looks for due work, one look at a time; asked for another one meanwhile, it looks once more afterwards. */
export class LookOut {
  readonly #look: () => Promise<void>
  readonly #onError: (error: unknown) => void
  #looking: Promise<void> | null = null
  #again = false

  /** `onError` is told why a look failed. */
  constructor(look: () => Promise<void>, onError: (error: unknown) => void) {
    this.#look = look
    this.#onError = onError
  }

  get isLooking(): boolean {
    return this.#looking !== null
  }

  look(): void {
    if (this.#looking !== null) {
      this.#again = true
      return
    }
    this.#looking = this.#look()
      .catch(this.#onError)
      .finally(() => {
        this.#looking = null
        if (!this.#again) return
        this.#again = false
        this.look()
      })
  }

  /** Resolves when the look that may be under way has ended. */
  async ended(): Promise<void> {
    await this.#looking
  }
}
