const first = 0x80
const end = 0x180

/** What each letter of U+0080 to U+017F becomes, as UTF-8; null for those that a fold of text is needed for. */
export type LatinFold = readonly (Uint8Array | null)[]

/**
 * Tabulates a fold of texts for single letters. Only what cannot depend on its neighbours is in the table: results
 * of ASCII letters, or of one letter of the same range.
 */
export function latinFold(fold: (text: string) => string): LatinFold {
  return Array.from({ length: end - first }, (_, at) => {
    const folded = fold(String.fromCodePoint(first + at))
    return /^(?:[a-z]+|[\u00c0-\u017f])$/.test(folded) ? Buffer.from(folded) : null
  })
}

/** The fold of a letter of two bytes of UTF-8; null when it is not in the table. */
export function foldLatin(table: LatinFold, lead: number, trail: number): Uint8Array | null {
  return lead < 0xc2 || lead > 0xc5 ? null : (table[((lead & 0x1f) << 6) + (trail & 0x3f) - first] ?? null)
}
