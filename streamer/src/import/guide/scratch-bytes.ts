// Below it a loop is faster than a call of `copy`.
const shortCopy = 48

/** Bytes that are written, taken back to an earlier length, and copied elsewhere; the buffer is used again. */
export class ScratchBytes {
  /** Valid up to `length`; another one after each write. */
  bytes: Buffer
  length = 0

  constructor(capacity: number) {
    this.bytes = Buffer.allocUnsafeSlow(capacity)
  }

  byte(value: number): void {
    this.reserve(1)
    this.bytes[this.length++] = value
  }

  copy(source: Uint8Array, start: number, end: number): void {
    this.reserve(end - start)
    const { bytes } = this
    let to = this.length
    if (end - start < shortCopy) for (let at = start; at < end; at++) bytes[to++] = source[at] as number
    else {
      bytes.set(source.subarray(start, end), to)
      to += end - start
    }
    this.length = to
  }

  text(text: string): void {
    this.reserve(text.length * 3)
    this.length += this.bytes.write(text, this.length)
  }

  /** Room for so many more bytes. */
  reserve(more: number): void {
    const wanted = this.length + more
    if (wanted <= this.bytes.length) return
    const grown = Buffer.allocUnsafeSlow(Math.max(wanted, this.bytes.length * 2))
    this.bytes.copy(grown, 0, 0, this.length)
    this.bytes = grown
  }
}
