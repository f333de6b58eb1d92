/** As much of R2 as the edge's reader uses, in memory; it counts what is read. */
export class CountingBucket {
  /** Bytes of each read since it was last emptied. */
  readonly reads: number[] = []
  readonly #objects = new Map<string, Buffer>()

  put(key: string, bytes: Buffer): void {
    this.#objects.set(key, bytes)
  }

  has(key: string): boolean {
    return this.#objects.has(key)
  }

  /** An object's bytes; not counted. */
  bytes(key: string): Buffer {
    const bytes = this.#objects.get(key)
    if (bytes === undefined) throw new Error(`there is no ${key}`)
    return bytes
  }

  async get(key: string, options: { range?: { offset: number; length: number } } = {}) {
    const whole = this.#objects.get(key)
    if (whole === undefined) return null
    const { offset, length } = options.range ?? { offset: 0, length: whole.length }
    const bytes = whole.subarray(offset, offset + length)
    this.reads.push(bytes.length)
    return {
      json: async () => JSON.parse(bytes.toString()) as unknown,
      arrayBuffer: async () => new Uint8Array(bytes).buffer,
    }
  }
}
