/** Texts that are looked for in bytes of UTF-8, in any case of ASCII letters. */
export class Needles {
  readonly #needles: readonly Needle[]

  constructor(texts: readonly string[]) {
    this.#needles = texts.map(needle)
  }

  /** Whether `standAround` may be true where a byte is this one. */
  mayShow(byte: number): boolean {
    return this.#needles.some(
      ({ lower, upper, telling }) => lower.length === 0 || byte === lower[telling] || byte === upper[telling],
    )
  }

  /** Whether one of them stands in the bytes so that its telling byte is at this offset. */
  standAround(bytes: Uint8Array, at: number): boolean {
    for (const { lower, upper, telling } of this.#needles) {
      const start = at - telling
      let same = 0
      while (same < lower.length) {
        const byte = bytes[start + same]
        if (byte !== lower[same] && byte !== upper[same]) break
        same++
      }
      if (same === lower.length) return true
    }
    return false
  }
}

interface Needle {
  lower: Uint8Array
  /** Of the same length. */
  upper: Uint8Array
  /** Offset of its rarest byte: the fewer bytes look like a needle, the faster is the search. */
  telling: number
}

function needle(text: string): Needle {
  const lower = Buffer.from(text.replace(/[A-Z]/g, (letter) => letter.toLowerCase()))
  const upper = Buffer.from(text.replace(/[a-z]/g, (letter) => letter.toUpperCase()))
  const rarities = Array.from(lower, rarity)
  return { lower, upper, telling: Math.max(0, rarities.indexOf(Math.max(...rarities))) }
}

// From the most frequent in names and addresses on.
const byFrequency = " /eaotisnrl.c-phmd1g02u:b_3f4v5yw67k98"

function rarity(byte: number): number {
  const at = byFrequency.indexOf(String.fromCharCode(byte))
  return at < 0 ? byFrequency.length : at
}
