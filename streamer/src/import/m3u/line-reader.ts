import { isUtf8 } from "node:buffer"
import { ImportError } from "../import-error.ts"

const lineFeed = 0x0a
// Far longer than any entry (pictures in data: addresses included); a film is not a text of one line.
const maxLineBytes = 16 * 1024 ** 2
const latin = new TextDecoder("windows-1252")

/** Called with a line of UTF-8, without its line break, which follows it in `bytes`. */
export type OnLine = (bytes: Buffer, start: number, end: number) => void

/**
 * Cuts pieces of bytes, whatever their borders, into lines without the white space of ASCII around them;
 * there are no empty ones. A line that is no UTF-8 is read as Windows-1252.
 */
export class LineReader {
  readonly #onLine: OnLine
  // The parts of a line that has not ended: joined once, for joining at each piece would be quadratic.
  #rest: Buffer[] = []
  #restBytes = 0

  constructor(onLine: OnLine) {
    this.#onLine = onLine
  }

  /** Throws an ImportError for a line that no playlist has. */
  add(piece: Buffer): void {
    const last = piece.lastIndexOf(lineFeed)
    let start = 0
    if (last >= 0 && this.#rest.length > 0) {
      start = piece.indexOf(lineFeed) + 1
      this.#keep(piece.subarray(0, start))
      this.#readRest()
    }
    if (last >= start) this.#read(piece, start, last + 1)
    if (last + 1 < piece.length) this.#keep(piece.subarray(last + 1))
  }

  /** The last line may have no end. */
  finish(): void {
    if (this.#rest.length === 0) return
    this.#keep(Buffer.of(lineFeed))
    this.#readRest()
  }

  #keep(part: Buffer): void {
    this.#rest.push(Buffer.from(part))
    this.#restBytes += part.length
    if (this.#restBytes > maxLineBytes)
      throw new ImportError("not_a_playlist", "the provider's answer has lines that no playlist has")
  }

  #readRest(): void {
    const line = Buffer.concat(this.#rest)
    this.#rest = []
    this.#restBytes = 0
    this.#read(line, 0, line.length)
  }

  /** Whole lines. */
  #read(bytes: Buffer, start: number, end: number): void {
    const isValid = isUtf8(bytes.subarray(start, end))
    for (let lineStart = start; lineStart < end; ) {
      const lineEnd = bytes.indexOf(lineFeed, lineStart)
      if (isValid || isUtf8(bytes.subarray(lineStart, lineEnd))) this.#trim(bytes, lineStart, lineEnd)
      else {
        const line = Buffer.from(`${latin.decode(bytes.subarray(lineStart, lineEnd))}\n`)
        this.#trim(line, 0, line.length - 1)
      }
      lineStart = lineEnd + 1
    }
  }

  #trim(bytes: Buffer, lineStart: number, lineEnd: number): void {
    let start = lineStart
    let end = lineEnd
    while (start < end && isSpace(bytes[start] as number)) start++
    while (end > start && isSpace(bytes[end - 1] as number)) end--
    if (start < end) this.#onLine(bytes, start, end)
  }
}

const isSpace = (byte: number) => byte === 0x20 || (byte >= 0x09 && byte <= 0x0d)
