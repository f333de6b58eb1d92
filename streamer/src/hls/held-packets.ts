/** Packets by their position in the stream, from the oldest that is needed on. */
export class HeldPackets {
  #chunks: Buffer[] = []
  #from = 0
  #to = 0

  /** Position of the next packet. */
  get to(): number {
    return this.#to
  }

  get bytes(): number {
    return this.#to - this.#from
  }

  push(packets: Buffer): void {
    this.#chunks.push(packets)
    this.#to += packets.length
  }

  /** A copy of what lies between two positions. */
  copy(from: number, to: number): Buffer[] {
    const pieces: Buffer[] = []
    let at = this.#from
    for (const chunk of this.#chunks) {
      const piece = chunk.subarray(Math.max(0, from - at), Math.max(0, Math.min(chunk.length, to - at)))
      if (piece.length > 0) pieces.push(piece)
      at += chunk.length
    }
    return pieces
  }

  /** Forgets what lies before a position. */
  dropBefore(position: number): void {
    for (;;) {
      const [first] = this.#chunks
      if (first === undefined || this.#from + first.length > position) return
      this.#from += first.length
      this.#chunks.shift()
    }
  }
}
