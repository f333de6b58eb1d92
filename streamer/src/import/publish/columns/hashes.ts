/** Hashes that have not ended yet. */
export interface HashState {
  a: number
  b: number
}

const nothing: HashState = { a: 0x811c9dc5, b: 0x9747b28c }

/**
 * Two independent 32-bit hashes of one sequence of bytes. Together they stand for the bytes: among a million
 * of them two that share both are expected once in 10^8 catalogues.
 */
export class Hashes {
  /** FNV-1a with a final avalanche: as `hash32` of the shared package gives for the same bytes. */
  one = 0
  two = 0
  #a = 0
  #b = 0

  /** Begins anew; `prefix`: as if these bytes had been hashed already (`state` of hashes that did). */
  begin(prefix: HashState = nothing): this {
    this.#a = prefix.a
    this.#b = prefix.b
    return this
  }

  get state(): HashState {
    return { a: this.#a, b: this.#b }
  }

  bytes(source: Uint8Array, start: number, end: number): this {
    let a = this.#a
    let b = this.#b
    for (let at = start; at < end; at++) {
      const value = source[at] as number
      a = Math.imul(a ^ value, 0x01000193)
      b = (Math.imul((b << 13) | (b >>> 19), 5) + Math.imul(value, 0x5bd1e995)) | 0
    }
    this.#a = a
    this.#b = b
    return this
  }

  /** One byte, as a mark of what kind of thing the bytes before or after it are. */
  mark(value: number): this {
    marked[0] = value
    return this.bytes(marked, 0, 1)
  }

  text(text: string): this {
    const bytes = Buffer.from(text)
    return this.bytes(bytes, 0, bytes.length)
  }

  end(): this {
    this.one = avalanche(this.#a)
    this.two = avalanche(this.#b)
    return this
  }
}

const marked = new Uint8Array(1)

function avalanche(hash: number): number {
  let mixed = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b)
  mixed = Math.imul(mixed ^ (mixed >>> 13), 0xc2b2ae35)
  return (mixed ^ (mixed >>> 16)) >>> 0
}
