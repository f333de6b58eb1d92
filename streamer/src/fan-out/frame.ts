import { bytesBehind, type Lender, takeRoom, widen } from "../mpegts/room.ts"

/**
 * Whole packets on their way to many subscribers, in memory that all of them share: with the framing of an HTTP/1.1
 * chunk around them (RFC 9112 7.1), so that each write is one buffer. Packets that have room around them stay where
 * they are; others are copied, once.
 */
export class Frame {
  readonly chunked: Buffer
  /** The packets alone: a view of the same memory. */
  readonly plain: Buffer
  #lender: Lender | null = null

  constructor(parts: readonly Buffer[]) {
    const [first] = parts
    let bytes = 0
    for (const part of parts) bytes += part.length
    const head = `${bytes.toString(16)}\r\n`
    const room = first === undefined || parts.length > 1 ? null : takeRoom(first)
    if (first !== undefined && room !== null && room.before >= head.length) {
      this.chunked = widen(first, head.length, bytesBehind)
      this.plain = first
      this.#lender = room.lender
    } else {
      this.chunked = Buffer.allocUnsafe(head.length + bytes + bytesBehind)
      let at = head.length
      for (const part of parts) at += part.copy(this.chunked, at)
      this.plain = this.chunked.subarray(head.length, at)
    }
    this.chunked.write(head, 0, "latin1")
    this.chunked[this.chunked.length - 2] = 0x0d
    this.chunked[this.chunked.length - 1] = 0x0a
  }

  /** Of the packets. */
  get bytes(): number {
    return this.plain.length
  }

  /** Nobody uses it any more: its memory is written over. */
  release(): void {
    this.#lender?.giveBack()
    this.#lender = null
  }

  /** Somebody may use it for as long as they like: its memory is the garbage collector's. */
  keep(): void {
    this.#lender = null
  }
}
