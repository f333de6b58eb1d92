import type { Needles } from "./needles.ts"
import { isUnusual, valueClasses } from "./unusual-bytes.ts"

const marker = Buffer.from("#EXTINF:")
const [space, quote, comma, equals] = [0x20, 0x22, 0x2c, 0x3d]
// Letters, digits and `-_.:`, of which attributes' names are made.
const isNameByte = Uint8Array.from({ length: 256 }, (_, byte) =>
  /[\w.:-]/.test(String.fromCharCode(byte)) && byte < 0x80 ? 1 : 0,
)

// One table for all readers, of the one that read last: V8 reads an array that is a constant of the module
// in half the time that it takes for a field's (measured: 20 % of the whole import).
const classes = new Uint8Array(256)
let classesOf: ExtinfBytes | null = null

/** Whether a line, which ends in a line break, begins with `#EXTINF:`. */
export function isExtinf(bytes: Uint8Array, start: number): boolean {
  for (let at = 0; at < marker.length; at++) if (bytes[start + at] !== marker[at]) return false
  return true
}

/**
 * Where an `#EXTINF` line has what, as offsets into its bytes, when it is of the form that nearly every list
 * has: `#EXTINF:-1 a="b" c="d",Name`. Its attributes are then written as they stand. `parseExtinf` reads the
 * lines of any other form, and says the same of these.
 */
export class ExtinfBytes {
  /** From the space before the first attribute to the last one's closing quote. */
  attributesStart = 0
  attributesEnd = 0
  nameStart = 0
  nameEnd = 0
  /** Without the spaces around it. */
  tvgIdStart = 0
  tvgIdEnd = 0
  groupStart = 0
  groupEnd = 0
  readonly #needles: Needles
  readonly #classes: Uint8Array
  #hasTvgId = false
  #hasGroup = false

  /** Texts that must be looked at more closely make a line unusual. */
  constructor(needles: Needles) {
    this.#needles = needles
    this.#classes = valueClasses(needles)
  }

  /** False when the line is not of the usual form. A line break follows it, in the same bytes. */
  read(bytes: Uint8Array, start: number, end: number): boolean {
    if (classesOf !== this) this.#takeTable()
    const durationStart = start + marker.length
    let at = afterDuration(bytes, durationStart)
    // The duration may follow a space.
    if (at === durationStart && bytes[at] === space) return false
    this.#hasTvgId = false
    this.#hasGroup = false
    this.tvgIdStart = this.tvgIdEnd = this.groupStart = this.groupEnd = 0
    this.attributesStart = at
    while (bytes[at] === space) {
      const nameStart = at + 1
      at = nameStart
      while (isNameByte[bytes[at] as number] === 1) at++
      const nameEnd = at
      if (nameEnd === nameStart || bytes[at] !== equals || bytes[at + 1] !== quote) return false
      const valueStart = at + 2
      at = this.#valueEnd(bytes, valueStart)
      if (at < 0 || !this.#keep(bytes, nameStart, nameEnd, valueStart, at)) return false
      at++
    }
    this.attributesEnd = at
    return bytes[at] === comma && this.#readName(bytes, at + 1, end)
  }

  #takeTable(): void {
    classes.set(this.#classes)
    classesOf = this
  }

  /** Where the closing quote is, or -1. */
  #valueEnd(bytes: Uint8Array, from: number): number {
    for (let at = from; ; at++) {
      let byte = bytes[at] as number
      while (classes[byte] === 0) byte = bytes[++at] as number
      if (byte === quote) return at
      if (at >= bytes.length || isUnusual(bytes, at) || this.#needles.standAround(bytes, at)) return -1
    }
  }

  /** The first attribute of a name counts. False for those that need a closer look. */
  #keep(bytes: Uint8Array, nameStart: number, nameEnd: number, start: number, end: number): boolean {
    const length = nameEnd - nameStart
    if (length === 6 && !this.#hasTvgId && isNamed(bytes, nameStart, tvgId)) {
      this.#hasTvgId = true
      this.tvgIdStart = skipSpaces(bytes, start, end)
      this.tvgIdEnd = trimSpaces(bytes, this.tvgIdStart, end)
    } else if (length === 11 && !this.#hasGroup && isNamed(bytes, nameStart, groupTitle)) {
      this.#hasGroup = true
      this.groupStart = skipSpaces(bytes, start, end)
      this.groupEnd = trimSpaces(bytes, this.groupStart, end)
    } else if (length >= 7) {
      if (isNamed(bytes, nameStart, catchup)) return false
      if (length === 7 && isNamed(bytes, nameStart, tvgRec)) return false
      if (length === 9 && isNamed(bytes, nameStart, timeshift)) return false
    }
    return true
  }

  #readName(bytes: Uint8Array, from: number, lineEnd: number): boolean {
    const start = skipSpaces(bytes, from, lineEnd)
    const end = trimSpaces(bytes, start, lineEnd)
    this.nameStart = start
    this.nameEnd = end
    for (let at = start; at < end; at++)
      if (nameClasses[bytes[at] as number] !== 0 && isUnusual(bytes, at)) return false
    return start < end
  }
}

const nameClasses = valueClasses(null)
const lowerCase = (text: string) => Buffer.from(text)
const tvgId = lowerCase("tvg-id")
const groupTitle = lowerCase("group-title")
const catchup = lowerCase("catchup")
const tvgRec = lowerCase("tvg-rec")
const timeshift = lowerCase("timeshift")

/** In any case; of letters and hyphens, which the bit for lower case leaves alone. */
function isNamed(bytes: Uint8Array, start: number, name: Uint8Array): boolean {
  for (let at = 0; at < name.length; at++)
    if (((bytes[start + at] as number) | 0x20) !== name[at]) return false
  return true
}

/** `-1`, `0`, `+10`; what stands after any other number is no space and no comma. */
function afterDuration(bytes: Uint8Array, start: number): number {
  let at = start
  const sign = bytes[at]
  if (sign === 0x2d || sign === 0x2b) at++
  while (isDigit(bytes[at] as number)) at++
  return at
}

const isDigit = (byte: number) => byte >= 0x30 && byte <= 0x39

export function skipSpaces(bytes: Uint8Array, start: number, end: number): number {
  let at = start
  while (at < end && bytes[at] === space) at++
  return at
}

export function trimSpaces(bytes: Uint8Array, start: number, end: number): number {
  let at = end
  while (at > start && bytes[at - 1] === space) at--
  return at
}
