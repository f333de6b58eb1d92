const hex = "0123456789abcdef"
// From this length on the call into the runtime is faster than a loop (measured: 37 ns whatever the length).
const longCopy = 24

const mostGrowth = 32 * 1024
const digits = new Uint8Array(10)

/** Bytes that are written one after the other, in a buffer that grows. */
export class ByteWriter {
  #buffer: Buffer
  #length = 0

  constructor(capacity = 64 * 1024) {
    this.#buffer = Buffer.allocUnsafeSlow(capacity)
  }

  get length(): number {
    return this.#length
  }

  /** What was written; good until the next `clear`. */
  get bytes(): Buffer {
    return this.#buffer.subarray(0, this.#length)
  }

  /** What was written, as bytes of their own; the writer begins anew. */
  take(): Buffer {
    const bytes = Buffer.from(this.bytes)
    this.#length = 0
    return bytes
  }

  /** The buffer that holds what was written, which is the caller's now; the writer goes on with another one. */
  handOver(next: Buffer): { buffer: Buffer; length: number } {
    const written = { buffer: this.#buffer, length: this.#length }
    this.#buffer = next
    this.#length = 0
    return written
  }

  clear(): void {
    this.#length = 0
  }

  byte(value: number): this {
    if (this.#length === this.#buffer.length) this.#reserve(1)
    this.#buffer[this.#length++] = value
    return this
  }

  /** Text of ASCII characters. */
  ascii(text: string): this {
    this.#reserve(text.length)
    if (text.length >= longCopy) this.#length += this.#buffer.write(text, this.#length, "latin1")
    else for (let at = 0; at < text.length; at++) this.#buffer[this.#length++] = text.charCodeAt(at)
    return this
  }

  /** A whole number of at most 32 bits, not negative, as `toString(radix)` writes it. */
  number(value: number, radix: 10 | 36 = 10): this {
    let rest = value
    let from = digits.length
    do {
      // Truncates as a whole number of 32 bits, which is faster than `Math.floor`.
      const next = (rest / radix) >>> 0
      const digit = rest - next * radix
      digits[--from] = digit < 10 ? 0x30 + digit : 0x57 + digit
      rest = next
    } while (rest > 0)
    this.#reserve(digits.length)
    const buffer = this.#buffer
    let to = this.#length
    while (from < digits.length) buffer[to++] = digits[from++] as number
    this.#length = to
    return this
  }

  text(text: string): this {
    this.#reserve(text.length * 3)
    this.#length += this.#buffer.write(text, this.#length)
    return this
  }

  copy(source: Buffer, start = 0, end = source.length): this {
    this.#reserve(end - start)
    if (end - start >= longCopy) {
      this.#length += source.copy(this.#buffer, this.#length, start, end)
      return this
    }
    const buffer = this.#buffer
    let to = this.#length
    for (let at = start; at < end; at++) buffer[to++] = source[at] as number
    this.#length = to
    return this
  }

  /** All that another one holds. */
  append(other: ByteWriter): this {
    this.#reserve(other.#length)
    this.#length += other.#buffer.copy(this.#buffer, this.#length, 0, other.#length)
    return this
  }

  /** A JSON string with its quotes (RFC 8259 7) from UTF-8 bytes. */
  json(source: Uint8Array, start: number, end: number): this {
    this.#reserve((end - start) * 6 + 2)
    const buffer = this.#buffer
    let to = this.#length
    buffer[to++] = 0x22
    for (let at = start; at < end; at++) {
      const byte = source[at] as number
      if (byte === 0x22 || byte === 0x5c) buffer[to++] = 0x5c
      else if (byte < 0x20) {
        for (const char of `\\u00${hex[byte >> 4]}${hex[byte & 15]}`) buffer[to++] = char.charCodeAt(0)
        continue
      }
      buffer[to++] = byte
    }
    buffer[to++] = 0x22
    this.#length = to
    return this
  }

  #reserve(bytes: number): void {
    const wanted = this.#length + bytes
    if (wanted <= this.#buffer.length) return
    // Twice as much would leave half of many large buffers unused.
    const more = Math.min(this.#buffer.length, mostGrowth)
    const grown = Buffer.allocUnsafeSlow(Math.max(wanted, this.#buffer.length + more))
    this.#buffer.copy(grown, 0, 0, this.#length)
    this.#buffer = grown
  }
}
