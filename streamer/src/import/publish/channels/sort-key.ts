import { foldLatin, latinFold } from "../columns/latin-letters.ts"

// Weights of ASCII in the order of the Unicode collation's root table (UTS 10): spaces, punctuation, symbols,
// digits, letters. Digits keep their own codes and letters those of lower case; 0x01 to 0x2f is for the rest.
const beforeDigits = " _-,;:!?.'\"()[]{}@*/\\&#%`^+<=>|~$"
const weights = new Uint8Array(128)
for (let code = 0; code < 128; code++) {
  const char = String.fromCharCode(code)
  const place = beforeDigits.indexOf(char)
  weights[code] = place >= 0 ? place + 2 : code < 0x20 || code === 0x7f ? 1 : char.toLowerCase().charCodeAt(0)
}
const zero = 0x30
const nine = 0x39
const accents = /(?<=[\p{Script=Latin}\p{Script=Greek}]\p{M}*)\p{M}/gu

/**
 * Writes bytes that compare as people sort: without case and accents, "Channel 9" before "Channel 10". Gives their
 * number. `target` has room for twice the text.
 */
export function writeSortKey(source: Uint8Array, start: number, end: number, target: Uint8Array): number {
  const last = Math.min(end, start + (target.length >> 1))
  const plain = plainLatin(source, start, last)
  if (plain !== null) return writeWeights(plain.bytes, plain.start, plain.end, target)
  const folded = Buffer.from(withoutAccents(Buffer.from(source.subarray(start, end)).toString()))
  return writeWeights(folded, 0, Math.min(folded.length, target.length >> 1), target)
}

const withoutAccents = (text: string) => text.normalize("NFKD").replace(accents, "").toLowerCase()
const letters = latinFold(withoutAccents)
const scratch = new Uint8Array(4096)

/** The bytes without accents: their own when they are ASCII. Null when there are other letters. */
function plainLatin(source: Uint8Array, start: number, end: number) {
  let at = start
  while (at < end && (source[at] as number) < 0x80) at++
  if (at === end) return { bytes: source, start, end }
  if (end - start > scratch.length) return null
  let length = 0
  for (at = start; at < end; at++) {
    const byte = source[at] as number
    const folded = byte < 0x80 ? null : foldLatin(letters, byte, source[++at] as number)
    if (byte < 0x80) scratch[length++] = byte
    else if (folded === null) return null
    else for (const one of folded) scratch[length++] = one
  }
  return { bytes: scratch, start: 0, end: length }
}

function writeWeights(source: Uint8Array, start: number, end: number, target: Uint8Array): number {
  let to = 0
  for (let at = start; at < end; at++) {
    const byte = source[at] as number
    if (byte < zero || byte > nine) {
      target[to++] = byte < 0x80 ? (weights[byte] as number) : byte
      continue
    }
    // A number: how many digits it has, leading zeros left out, and then the digits.
    let from = at
    while (at + 1 < end && isDigit(source[at + 1] as number)) at++
    while (from < at && source[from] === zero) from++
    let digits = at + 1 - from
    // Of one to nine digits '0' to '8'; each '9' in front stands for nine more.
    for (; digits > 9; digits -= 9) target[to++] = nine
    target[to++] = zero + digits - 1
    while (from <= at) target[to++] = source[from++] as number
  }
  return to
}

const isDigit = (byte: number) => byte >= zero && byte <= nine
