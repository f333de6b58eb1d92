import { packetBytes } from "../packet.ts"

/** A chunk from which packets are left out, and into which others are put; untouched, it is not copied. */
export class PacketRuns {
  readonly #chunk: Buffer
  readonly #pieces: Buffer[] = []
  #from = 0

  constructor(chunk: Buffer) {
    this.#chunk = chunk
  }

  drop(at: number): void {
    if (at > this.#from) this.#pieces.push(this.#chunk.subarray(this.#from, at))
    this.#from = at + packetBytes
  }

  /** Puts packets in the place of the one at `at`. */
  replace(at: number, packets: Buffer): void {
    if (packets.length === packetBytes) {
      this.#chunk.set(packets, at)
      return
    }
    this.drop(at)
    this.#pieces.push(packets)
  }

  whole(): Buffer {
    if (this.#from === 0) return this.#chunk
    if (this.#from < this.#chunk.length) this.#pieces.push(this.#chunk.subarray(this.#from))
    const [first] = this.#pieces
    return this.#pieces.length === 1 && first !== undefined ? first : Buffer.concat(this.#pieces)
  }
}
