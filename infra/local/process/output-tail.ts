/** Keeps the last `maxLength` characters of what a child wrote: enough for an error, never a leak. */
export class OutputTail {
  #text = ""
  readonly #maxLength: number

  constructor(maxLength: number) {
    this.#maxLength = maxLength
  }

  push(chunk: string): void {
    const text = this.#text + chunk
    this.#text = text.length > this.#maxLength ? text.slice(-this.#maxLength) : text
  }

  text(): string {
    return this.#text
  }

  /** For one-line errors: most programs say why they give up in their last line. */
  lastLine(): string {
    return this.#text.trimEnd().split("\n").at(-1)?.trim() ?? ""
  }
}
