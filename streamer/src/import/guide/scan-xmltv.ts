import { isNameAt, tagEnd } from "./tag.ts"

/** Longer elements are broken ones: real programmes, credits and all, have some KB. */
export const maxElementBytes = 256 * 1024

export interface ScanHandler {
  /** A whole element with its tags, valid during the call. Its end tag may be missing. */
  channel(element: Buffer): void
  programme(element: Buffer): void
}

const names = { tv: Buffer.from("tv"), channel: Buffer.from("channel"), programme: Buffer.from("programme") }
const commentStart = Buffer.from("!--")
const cdataStart = Buffer.from("![CDATA[")
const lessThan = 0x3c
const slash = 0x2f

/**
 * Finds the channels and programmes of an XMLTV guide that comes in pieces, whatever is broken between them.
 *
 * Own code, because the streaming parsers of npm read decoded text, while guides mix encodings, and hold a text
 * of any length. Without any work of ours, saxes does 82 MB/s and sax 41 MB/s (Node 24, a guide of 100 MB); this
 * scanner with all that makes a stored guide does 50 MB/s. After an open quote saxes loses the programme and
 * what it holds; here the first `>` counts, and each programme starts afresh.
 */
export class XmltvScanner {
  /** Whether anything of XMLTV came. */
  isXmltv = false
  /** Whether the guide's end tag came last; without it the guide broke off. */
  hasEnded = false
  readonly #handler: ScanHandler
  readonly #maxBytes: number
  readonly #buffer: Buffer
  #length = 0

  constructor(handler: ScanHandler, maxBytes = maxElementBytes) {
    this.#handler = handler
    this.#maxBytes = maxBytes
    // Twice, so that each round gets further by an element's length at least.
    this.#buffer = Buffer.allocUnsafeSlow(maxBytes * 2)
  }

  write(piece: Buffer): void {
    for (let from = 0; from < piece.length; ) {
      const taken = piece.copy(this.#buffer, this.#length, from)
      this.#length += taken
      from += taken
      // Whole buffers only: what is found does not depend on how the pieces are cut.
      if (this.#length === this.#buffer.length) this.#scan(false)
    }
  }

  end(): void {
    this.#scan(true)
  }

  #scan(isLast: boolean): void {
    const bytes = this.#buffer.subarray(0, this.#length)
    const ends = { comment: new NextEnd(bytes, "-->"), cdata: new NextEnd(bytes, "]]>") }
    let at = 0
    for (;;) {
      at = bytes.indexOf(lessThan, at)
      if (at < 0) at = bytes.length
      if (at === bytes.length) break
      const limit = Math.min(bytes.length, at + this.#maxBytes)
      const maySeeMore = limit === bytes.length && !isLast
      let next = at + 1
      if (matches(bytes, at + 1, commentStart)) {
        const end = ends.comment.after(at)
        if (end >= 0 && end <= limit) next = end
        else if (maySeeMore) break
      } else if (isElementStart(bytes, at)) {
        const end = elementEnd(bytes, at, limit, ends)
        if (end >= 0) {
          this.#handOver(bytes.subarray(at, end))
          next = end
        } else if (maySeeMore) break
      } else if (maySeeMore && limit - at <= longestStart) break
      else this.#noteRoot(bytes, at)
      at = next
    }
    this.#buffer.copyWithin(0, at, this.#length)
    this.#length -= at
  }

  #handOver(element: Buffer): void {
    this.isXmltv = true
    this.hasEnded = false
    if (isNameAt(element, 1, names.programme)) this.#handler.programme(element)
    else this.#handler.channel(element)
  }

  #noteRoot(bytes: Buffer, at: number): void {
    if (isNameAt(bytes, at + 1, names.tv)) this.isXmltv = true
    if (bytes[at + 1] === slash && isNameAt(bytes, at + 2, names.tv)) this.hasEnded = true
  }
}

// `<programme` and a character that ends the name.
const longestStart = 11

function matches(bytes: Buffer, at: number, text: Buffer): boolean {
  for (let index = 0; index < text.length; index++) if (bytes[at + index] !== text[index]) return false
  return true
}

function isElementStart(bytes: Buffer, at: number): boolean {
  const first = bytes[at + 1]
  return (
    (first === 0x70 && isNameAt(bytes, at + 1, names.programme)) ||
    (first === 0x63 && isNameAt(bytes, at + 1, names.channel))
  )
}

/** Finds the next end of a comment or CDATA section, and looks at no byte twice, however often it is asked. */
class NextEnd {
  readonly #bytes: Buffer
  readonly #end: Buffer
  #from = 0
  #found = -2

  constructor(bytes: Buffer, end: string) {
    this.#bytes = bytes
    this.#end = Buffer.from(end)
  }

  /** Index after the next end; -1 when there is none. */
  after(at: number): number {
    const isKnown = this.#found !== -2 && at >= this.#from && (this.#found === -1 || at <= this.#found)
    if (!isKnown) {
      this.#from = at
      this.#found = this.#bytes.indexOf(this.#end, at)
    }
    return this.#found < 0 ? -1 : this.#found + this.#end.length
  }
}

/** Index after the element that begins at `start`; -1 when it does not end before `limit`. */
function elementEnd(
  bytes: Buffer,
  start: number,
  limit: number,
  ends: { comment: NextEnd; cdata: NextEnd },
): number {
  const name = bytes[start + 1] === 0x70 ? names.programme : names.channel
  let at = tagEnd(bytes, start, limit)
  if (at < 0) return -1
  if (bytes[at - 1] === slash) return at + 1
  for (;;) {
    at = bytes.indexOf(lessThan, at + 1)
    if (at < 0 || at >= limit) return -1
    const next = bytes[at + 1]
    if (next === slash) {
      if (isNameAt(bytes, at + 2, name)) {
        const end = bytes.indexOf(0x3e, at)
        return end < 0 || end >= limit ? -1 : end + 1
      }
      if (isNameAt(bytes, at + 2, names.tv)) return at
    } else if (next === 0x21) {
      const isCdata = matches(bytes, at + 1, cdataStart)
      if (!isCdata && !matches(bytes, at + 1, commentStart)) continue
      const end = (isCdata ? ends.cdata : ends.comment).after(at)
      if (end < 0 || end > limit) return -1
      at = end - 1
    } else if (isElementStart(bytes, at)) return at
  }
}
