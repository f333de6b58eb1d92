import { setTimeout as delay } from "node:timers/promises"
import { seededRandom } from "../../../e2e/player/test-support/seeded-random.ts"
import type { ProviderWatch } from "../provider-watch.ts"

const kinds = ["end", "reset", "stall"] as const
const pause = { least: 20_000, most: 60_000 }
// Longer than the system waits for a silent provider (5 s).
const stallMilliseconds = 8_000
// Until the fault was seen by every connection: the provider sends 25 times a second.
const shortMilliseconds = 300

/** Breaks one of the provider's channels now and then, as providers do; counts what it did. */
export class Breakages {
  readonly counts: Record<(typeof kinds)[number], number> = { end: 0, reset: 0, stall: 0 }
  readonly #provider: ProviderWatch
  readonly #stopping = new AbortController()
  #running: Promise<void> = Promise.resolve()

  constructor(provider: ProviderWatch) {
    this.#provider = provider
  }

  start(channels: readonly number[], seed: number): void {
    this.#running = this.#breakAgain(channels, seed)
  }

  async stop(): Promise<void> {
    this.#stopping.abort()
    await this.#running
    await this.#provider.mend()
  }

  async #breakAgain(channels: readonly number[], seed: number): Promise<void> {
    const random = seededRandom(seed)
    const { signal } = this.#stopping
    const wait = (milliseconds: number) => delay(milliseconds, undefined, { signal }).catch(() => undefined)
    while (true) {
      await wait(random.between(pause.least, pause.most))
      if (signal.aborted) return
      const [kind, channel] = [random.pick(kinds), random.pick(channels)]
      try {
        await this.#provider.break(channel, { kind })
        this.counts[kind]++
        await wait(kind === "stall" ? stallMilliseconds : shortMilliseconds)
        await this.#provider.mend()
      } catch (error) {
        // A provider that answers late is no reason to give an hour up.
        console.error(`a channel could not be broken: ${String(error)}`)
      }
    }
  }
}
