import { bytesBefore, bytesBehind, giveRoom, type Lender } from "../../mpegts/room.ts"

// What goes on to viewers is kept in pieces of this size, some of them for as long as the last of their bytes is.
const memoryBytes = 256 * 1024
// As much as Node itself reads at once.
const mostBytes = 64 * 1024
const fewestBytes = 16 * 1024
// Less is copied: a trickle is not to hold a whole read's room for each of its packets.
const smallBytes = 4 * 1024
// What a group of pictures leaves for the next one.
const mostFree = 32

/**
 * Where a socket reads into: one piece of memory for many reads, with room around what each of them brought. What is
 * given back is used again, as memory that lives for some seconds is what V8's collector is worst at: 100 MB/s of it
 * were three full collections a second.
 */
export class ReadMemory {
  readonly #free: Piece[] = []
  #piece = new Piece(this.#free, 0)
  #at = 0

  /** Where the next read goes. */
  next(): Buffer {
    if (this.#piece.bytes.length - this.#at < bytesBefore + fewestBytes + bytesBehind) {
      this.#piece.retire()
      this.#piece = this.#free.pop() ?? new Piece(this.#free, memoryBytes)
      this.#at = 0
    }
    const { bytes } = this.#piece
    const from = this.#at + bytesBefore
    return bytes.subarray(from, Math.min(from + mostBytes, bytes.length - bytesBehind))
  }

  /** What the last read brought; it is the caller's own. */
  take(count: number): Buffer {
    const from = this.#at + bytesBefore
    const taken = this.#piece.bytes.subarray(from, from + count)
    if (count < smallBytes) return Buffer.from(taken)
    this.#at = from + count + bytesBehind
    return giveRoom(taken, { before: bytesBefore, lender: this.#piece.lend() })
  }
}

/** Is free again when all that was lent of it was given back; the collector's when some never is. */
class Piece implements Lender {
  readonly bytes: Buffer
  readonly #free: Piece[]
  #lent = 0
  #isRetired = false

  constructor(free: Piece[], bytes: number) {
    this.#free = free
    this.bytes = Buffer.allocUnsafeSlow(bytes)
  }

  lend(): this {
    this.#isRetired = false
    this.#lent++
    return this
  }

  /** Nothing more is lent of it for now. */
  retire(): void {
    this.#isRetired = true
    this.#freeWhenDone()
  }

  giveBack(): void {
    this.#lent--
    this.#freeWhenDone()
  }

  #freeWhenDone(): void {
    if (this.#isRetired && this.#lent === 0 && this.bytes.length > 0 && this.#free.length < mostFree)
      this.#free.push(this)
  }
}
