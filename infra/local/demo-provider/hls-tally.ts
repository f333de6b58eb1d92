/** Most addresses that are counted; then the oldest are forgotten. */
const mostCounted = 20_000

/** How often each segment and key was sent, by channel, variant and file: `1/full/41.ts`. */
export class HlsTally {
  readonly #counts = new Map<string, number>()

  count(file: string): void {
    this.#counts.set(file, (this.#counts.get(file) ?? 0) + 1)
    for (const oldest of this.#counts.keys()) {
      if (this.#counts.size <= mostCounted) break
      this.#counts.delete(oldest)
    }
  }

  report(): Record<string, number> {
    return Object.fromEntries(this.#counts)
  }

  reset(): void {
    this.#counts.clear()
  }
}
