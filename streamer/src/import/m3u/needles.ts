/**
 * Texts of which one must stand in a value before that value can name the provider (`namesProvider`): where
 * none does, nothing has to be concealed.
 */
export class Needles {
  /** In both cases, of the same length. */
  readonly #lower: readonly Uint8Array[]
  readonly #upper: readonly Uint8Array[]

  constructor(texts: readonly string[]) {
    this.#lower = texts.map((text) => Buffer.from(cased(text, 0x41, 0x20)))
    this.#upper = texts.map((text) => Buffer.from(cased(text, 0x61, -0x20)))
  }

  beginWith(byte: number): boolean {
    // An empty text stands everywhere.
    return this.#lower.some(
      (text, index) => text.length === 0 || byte === text[0] || byte === this.#upper[index]?.[0],
    )
  }

  /** Whether one of them stands at an offset, in any case. */
  standAt(bytes: Uint8Array, at: number): boolean {
    for (let index = 0; index < this.#lower.length; index++) {
      const lower = this.#lower[index] as Uint8Array
      const upper = this.#upper[index] as Uint8Array
      let same = 0
      while (same < lower.length) {
        const byte = bytes[at + same]
        if (byte !== lower[same] && byte !== upper[same]) break
        same++
      }
      if (same === lower.length) return true
    }
    return false
  }
}

/** Only ASCII letters change, so that the length stays. */
const cased = (text: string, from: number, by: number) =>
  text.replace(/[a-z]/gi, (letter) => {
    const code = letter.charCodeAt(0)
    return code >= from && code < from + 26 ? String.fromCharCode(code + by) : letter
  })
