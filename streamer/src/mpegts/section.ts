import { byte, packetBytes, payloadAt, startsUnit } from "./packet.ts"

/** A complete table: its section, and the very packets that carried it. */
export interface Table {
  section: Buffer
  packets: Buffer
}

/**
 * Collects a table (PAT or PMT) from the packets of its PID. Tables may span packets; a section that starts
 * behind another one in the same packet is not looked for, since no multiplexer of this field does so.
 */
export class TableCollector {
  #packets: Buffer[] = []
  #section: Buffer[] = []
  #missing = 0

  /** Takes the packet at `at`; gives the table once its last packet has come. */
  push(data: Buffer, at: number): Table | null {
    const end = at + packetBytes
    let from = payloadAt(data, at)
    if (startsUnit(data, at)) {
      // pointer_field (ISO 13818-1 2.4.4.2)
      from += 1 + byte(data, from)
      if (from + 3 > end) return null
      this.#packets = []
      this.#section = []
      this.#missing = 3 + (((byte(data, from + 1) & 0x0f) << 8) | byte(data, from + 2))
    } else if (this.#missing === 0) return null
    if (from >= end) return null
    const taken = Math.min(this.#missing, end - from)
    this.#section.push(data.subarray(from, from + taken))
    this.#packets.push(data.subarray(at, end))
    this.#missing -= taken
    if (this.#missing > 0) return null
    // Copied: a table is kept long after the chunk that brought it.
    return { section: Buffer.concat(this.#section), packets: Buffer.concat(this.#packets) }
  }
}
