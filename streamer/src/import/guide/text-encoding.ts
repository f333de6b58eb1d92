import { isAscii, isUtf8 } from "node:buffer"

// A declaration stands in the first line.
const declarationBytes = 200

/**
 * Decodes bytes of a guide, each text for itself: UTF-8 when they are UTF-8, whatever is declared; otherwise
 * as declared; otherwise windows-1252. Guides are glued together from several sources, so that one file holds
 * several encodings under a wrong declaration.
 */
export class TextDecoding {
  #fallback = new TextDecoder("windows-1252")

  /** Reads the declaration at the guide's beginning. */
  declare(head: Buffer): void {
    const declaration = head.toString("latin1", 0, declarationBytes)
    const label = /<\?xml[^>]*?encoding\s*=\s*["']([\w.:-]+)["']/i.exec(declaration)?.[1]
    if (label === undefined || /^utf-?(?:8|16)/i.test(label)) return
    try {
      this.#fallback = new TextDecoder(label)
    } catch {
      // An encoding that nobody knows is as good as none.
    }
  }

  decode(bytes: Buffer, start: number, end: number): string {
    const part = bytes.subarray(start, end)
    if (isAscii(part)) return bytes.toString("latin1", start, end)
    return isUtf8(part) ? bytes.toString("utf8", start, end) : this.#fallback.decode(part)
  }
}

/** The same pieces in UTF-8 when they begin with the mark of UTF-16, which cannot be read byte by byte. */
export async function* withoutUtf16(pieces: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  let head: Buffer = Buffer.alloc(0)
  let decoder: InstanceType<typeof TextDecoder> | null = null
  let isKnown = false
  for await (const piece of pieces) {
    if (isKnown) {
      yield decoder === null ? piece : Buffer.from(decoder.decode(piece, { stream: true }))
      continue
    }
    head = Buffer.concat([head, piece])
    if (head.length < 2) continue
    isKnown = true
    if (head[0] === 0xff && head[1] === 0xfe) decoder = new TextDecoder("utf-16le")
    if (head[0] === 0xfe && head[1] === 0xff) decoder = new TextDecoder("utf-16be")
    yield decoder === null ? head : Buffer.from(decoder.decode(head, { stream: true }))
  }
  if (!isKnown && head.length > 0) yield head
}
