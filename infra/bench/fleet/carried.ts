/** How often each thing is there; what is there no more is forgotten. */
export class Counted {
  readonly #counts = new Map<string, number>()

  /** Different things. */
  get size(): number {
    return this.#counts.size
  }

  add(thing: string): void {
    this.#counts.set(thing, (this.#counts.get(thing) ?? 0) + 1)
  }

  take(thing: string): void {
    const left = (this.#counts.get(thing) ?? 0) - 1
    if (left > 0) this.#counts.set(thing, left)
    else this.#counts.delete(thing)
  }
}
