import { byte, counterOf, hasPayload, packetBytes, payloadAt, startsUnit } from "./packet.ts"

/** A complete table: its section, and the very packets that carried it. */
export interface Table {
  section: Buffer
  packets: Buffer
}

/** A table of which not every packet has come. */
interface Beginning {
  packets: Buffer[]
  pieces: Buffer[]
  missing: number
}

/** table_id (ISO 13818-1 table 2-31). */
export type TableId = 0 | 2

/**
 * Collects a table (PAT or PMT) from the packets of its PID. Tables may span packets; a section that starts
 * behind another one in the same packet is not looked for, since no multiplexer of this field does so. A
 * section counts when it is intact and in force.
 */
export class TableCollector {
  readonly #tableId: TableId
  #begun: Beginning | null = null
  #counter = -1

  constructor(tableId: TableId) {
    this.#tableId = tableId
  }

  /** The counter of the PID's newest packet; negative before there is one. */
  get counter(): number {
    return this.#counter
  }

  /** Takes the packet at `at`; gives the table once its last packet has come. */
  push(data: Buffer, at: number): Table | null {
    if (!hasPayload(data, at)) return null
    const counter = counterOf(data, at)
    const isCopy = counter === this.#counter
    const follows = counter === ((this.#counter + 1) & 0x0f)
    this.#counter = counter
    if (startsUnit(data, at)) this.#begun = begin(data, at)
    else if (isCopy || this.#begun === null) return null
    else this.#begun = follows && hasBytes(data, at) ? goOn(this.#begun, data, at, payloadAt(data, at)) : null
    if (this.#begun === null || this.#begun.missing > 0) return null
    const section = Buffer.concat(this.#begun.pieces)
    const packets = Buffer.concat(this.#begun.packets)
    this.#begun = null
    return this.#counts(section) ? { section, packets } : null
  }

  // table_id, current_next_indicator and CRC_32 (ISO 13818-1 2.4.4.3); the CRC over all of it is 0.
  #counts(section: Buffer): boolean {
    return byte(section, 0) === this.#tableId && (byte(section, 5) & 1) === 1 && crc32(section) === 0
  }
}

// A payload of no bytes is illegal (2.4.3.4), and would let a table grow without ever being complete.
const hasBytes = (data: Buffer, at: number) => payloadAt(data, at) < at + packetBytes

function begin(data: Buffer, at: number): Beginning | null {
  const pointerAt = payloadAt(data, at)
  // pointer_field (ISO 13818-1 2.4.4.2)
  const from = pointerAt + 1 + byte(data, pointerAt)
  if (from + 3 > at + packetBytes) return null
  const missing = 3 + (((byte(data, from + 1) & 0x0f) << 8) | byte(data, from + 2))
  return goOn({ packets: [], pieces: [], missing }, data, at, from)
}

function goOn({ packets, pieces, missing }: Beginning, data: Buffer, at: number, from: number): Beginning {
  // Copied: a table may take its time, and a view of the packet would keep the whole chunk meanwhile.
  const packet = Buffer.from(data.subarray(at, at + packetBytes))
  const piece = packet.subarray(from - at, Math.min(from - at + missing, packetBytes))
  return { packets: [...packets, packet], pieces: [...pieces, piece], missing: missing - piece.length }
}

/** CRC_32 of ISO 13818-1 annex A; 0 over a whole section, its CRC included, that is intact. */
export function crc32(bytes: Buffer): number {
  let crc = 0xffffffff
  for (const value of bytes) crc = ((crc << 8) ^ (crcTable[((crc >>> 24) ^ value) & 0xff] ?? 0)) >>> 0
  return crc
}

const crcTable = Uint32Array.from({ length: 256 }, (_, index) => {
  let value = index << 24
  for (let bit = 0; bit < 8; bit++) value = value & 0x80000000 ? (value << 1) ^ 0x04c11db7 : value << 1
  return value >>> 0
})
