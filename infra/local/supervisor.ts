import type { Logger } from "@tributary/shared/log/log"
import type { Part, RunningPart } from "./parts/part.ts"

const firstDelayMs = 200
const longestDelayMs = 5_000
/** A part that ran this long is healthy again: its next restart is quick. */
const settledMs = 30_000

/** Runs parts, restarts one that ends unasked, and closes them all, last started first. */
export class Supervisor {
  readonly #running: { part: Part; current: RunningPart | null }[] = []
  readonly #logger: Logger
  #closing: Promise<void> | undefined
  #wake: () => void = () => undefined
  readonly #closed = new Promise<void>((resolve) => {
    this.#wake = resolve
  })

  constructor(logger: Logger) {
    this.#logger = logger
  }

  get isClosing(): boolean {
    return this.#closing !== undefined
  }

  /** Starts a part and keeps it running from then on. Rejects when its first start fails. */
  async start(part: Part): Promise<void> {
    if (this.isClosing) throw new Error("closing")
    const entry = { part, current: await part.start() }
    if (this.isClosing) {
      await entry.current.close()
      throw new Error("closing")
    }
    this.#running.push(entry)
    void this.#watch(entry)
  }

  /** Closes everything; the same promise for every caller. */
  close(): Promise<void> {
    this.#closing ??= this.#closeAll()
    return this.#closing
  }

  async #closeAll(): Promise<void> {
    this.#wake()
    for (const { part, current } of this.#running.toReversed())
      await current
        ?.close()
        .catch((error: unknown) =>
          this.#logger.warn("a part did not close", { part: part.name, error: String(error) }),
        )
  }

  async #watch(entry: { part: Part; current: RunningPart | null }): Promise<void> {
    let delayMs = firstDelayMs
    while (entry.current !== null) {
      const startedAt = performance.now()
      const exit = await entry.current.exited
      if (this.isClosing) return
      entry.current = null
      if (performance.now() - startedAt > settledMs) delayMs = firstDelayMs
      const { name } = entry.part
      this.#logger.error("a part ended; it is started again", {
        part: name,
        code: exit.code,
        signal: exit.signal,
        last: exit.lastLine,
      })
      while (entry.current === null) {
        await Promise.race([new Promise((resolve) => setTimeout(resolve, delayMs)), this.#closed])
        if (this.isClosing) return
        delayMs = Math.min(delayMs * 2, longestDelayMs)
        entry.current = await entry.part.start().catch((error: unknown) => {
          this.#logger.error("a part did not start", { part: name, error: String(error) })
          return null
        })
      }
      if (this.isClosing) await entry.current?.close()
    }
  }
}
