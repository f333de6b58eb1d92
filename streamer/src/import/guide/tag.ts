const isSpace = (byte: number | undefined) => byte !== undefined && byte <= 0x20
const slash = 0x2f
const equals = 0x3d

/**
 * Index of the `>` that ends the tag at `start`, or -1 when there is none before `end`. A `<` inside of quotes
 * is no XML and means that a quote was left open; then the first `>` counts.
 */
export function tagEnd(bytes: Buffer, start: number, end: number): number {
  let quote = 0
  let firstEnd = -1
  for (let at = start + 1; at < end; at++) {
    const byte = bytes[at] as number
    if (byte === 0x3c) return firstEnd
    if (byte === 0x3e) {
      if (quote === 0) return at
      if (firstEnd < 0) firstEnd = at
    } else if (byte === 0x22 || byte === 0x27) {
      if (quote === 0 && bytes[at - 1] === equals) quote = byte
      else if (quote === byte) quote = 0
    }
  }
  return -1
}

/** Index after the name that begins at `start`. */
export function nameEnd(bytes: Buffer, start: number, end: number): number {
  let at = start
  while (at < end) {
    const byte = bytes[at] as number
    if (byte <= 0x20 || byte === slash || byte === 0x3e || byte === equals) break
    at++
  }
  return at
}

/** Whether the whole name at `start` is this one. */
export function isNameAt(bytes: Buffer, start: number, name: Buffer): boolean {
  for (let index = 0; index < name.length; index++) if (bytes[start + index] !== name[index]) return false
  const after = bytes[start + name.length]
  return after === undefined || after <= 0x20 || after === 0x3e || after === slash
}

/** Walks through the attributes of a tag; quotes may be of both kinds or missing. */
export class Attributes {
  nameStart = 0
  nameEnd = 0
  valueStart = 0
  valueEnd = 0
  #bytes: Buffer = Buffer.alloc(0)
  #at = 0
  #end = 0

  /** From after the tag's name to its `>`. */
  begin(bytes: Buffer, start: number, end: number): void {
    this.#bytes = bytes
    this.#at = start
    this.#end = end
  }

  /** Reads the next attribute; false after the last one. */
  next(): boolean {
    const bytes = this.#bytes
    const end = this.#end
    let at = this.#at
    while (at < end && (isSpace(bytes[at]) || bytes[at] === slash || bytes[at] === equals)) at++
    if (at >= end) return false
    this.nameStart = at
    at = nameEnd(bytes, at, end)
    this.nameEnd = at
    while (at < end && isSpace(bytes[at])) at++
    if (bytes[at] !== equals || at >= end) {
      this.valueStart = at
      this.valueEnd = at
    } else at = this.#readValue(at + 1)
    this.#at = Math.max(at, this.nameEnd)
    return true
  }

  #readValue(start: number): number {
    const bytes = this.#bytes
    let at = start
    while (at < this.#end && isSpace(bytes[at])) at++
    const quote = bytes[at]
    if (at < this.#end && (quote === 0x22 || quote === 0x27)) {
      const close = bytes.indexOf(quote, at + 1)
      this.valueStart = at + 1
      this.valueEnd = close < 0 || close > this.#end ? this.#end : close
      return this.valueEnd + 1
    }
    this.valueStart = at
    while (at < this.#end && !isSpace(bytes[at])) at++
    this.valueEnd = at
    return at
  }
}
