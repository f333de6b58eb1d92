/** Something that was opened for benches and has to be closed. */
export interface Opened {
  close: () => Promise<unknown>
}

/** What several benches use: opened by the first that asks, closed at the end, last opened first. */
export class Shared {
  readonly #opened = new Map<string, Promise<Opened>>()
  #closed = false

  /** The same thing for the same name; who asks first opens it. */
  open<T extends Opened>(name: string, open: () => Promise<T>): Promise<T> {
    if (this.#closed) throw new Error("the run is over")
    const known = this.#opened.get(name)
    if (known !== undefined) return known as Promise<T>
    const opening = open()
    this.#opened.set(name, opening)
    return opening
  }

  /** Closes what was opened under the name, if anything. */
  async closeOne(name: string): Promise<void> {
    const opening = this.#opened.get(name)
    this.#opened.delete(name)
    // What could not be opened has closed itself.
    await (await opening?.catch(() => undefined))?.close()
  }

  async close(): Promise<void> {
    this.#closed = true
    for (const name of [...this.#opened.keys()].toReversed()) await this.closeOne(name)
  }
}
