/**
 * Whole packets on their way to many subscribers. They are copied once, into the memory that all of them
 * share: with the framing of an HTTP/1.1 chunk around them (RFC 9112 7.1), so that each write is one buffer.
 */
export class Frame {
  readonly chunked: Buffer
  /** The packets alone: a view of the same memory. */
  readonly plain: Buffer

  constructor(parts: readonly Buffer[]) {
    const bytes = parts.reduce((sum, part) => sum + part.length, 0)
    const head = `${bytes.toString(16)}\r\n`
    this.chunked = Buffer.allocUnsafe(head.length + bytes + 2)
    let at = this.chunked.write(head, "latin1")
    for (const part of parts) at += part.copy(this.chunked, at)
    this.chunked.write("\r\n", at, "latin1")
    this.plain = this.chunked.subarray(head.length, at)
  }

  /** Of the packets. */
  get bytes(): number {
    return this.plain.length
  }
}
