import type { Needles } from "./needles.ts"

const quote = 0x22

/**
 * For each byte 1 where a value of an attribute may end or may have to be read as text: quotes, control
 * characters, the first bytes of some characters, and bytes of needles.
 */
export function valueClasses(needles: Needles | null): Uint8Array {
  return Uint8Array.from({ length: 256 }, (_, byte) => {
    const isText = (byte >= 0x20 && byte < 0x7f) || (byte >= 0x80 && !leads.has(byte))
    const isStop = !isText || (needles !== null && (byte === quote || needles.mayShow(byte)))
    return isStop ? 1 : 0
  })
}

// The first bytes, in UTF-8, of the characters that `isUnusual` finds.
const leads = new Set([0xc2, 0xe1, 0xe2, 0xe3, 0xef])

/**
 * Whether the character at an offset of UTF-8 is one that texts are cleaned of (control characters, line
 * breaks) or trimmed of (spaces, but for U+0020).
 */
export function isUnusual(bytes: Uint8Array, at: number): boolean {
  const first = bytes[at] as number
  const second = bytes[at + 1] as number
  const third = bytes[at + 2] as number
  switch (first) {
    case 0xc2: // U+0080 to U+009F, and U+00A0, a space
      return second <= 0xa0
    case 0xe1: // U+1680
      return second === 0x9a && third === 0x80
    case 0xe2: // U+2000 to U+200A, U+2028, U+2029, U+202F; U+205F
      if (second === 0x80) return third <= 0x8a || third === 0xa8 || third === 0xa9 || third === 0xaf
      return second === 0x81 && third === 0x9f
    case 0xe3: // U+3000
      return second === 0x80 && third === 0x80
    case 0xef: // U+FEFF
      return second === 0xbb && third === 0xbf
    default:
      return first < 0x20 || first === 0x7f
  }
}
