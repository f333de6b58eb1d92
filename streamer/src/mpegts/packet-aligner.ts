import { byte, packetBytes, syncByte } from "./packet.ts"

// Three sync bytes a packet apart: by chance once in 16 million positions.
const syncWitnesses = 3

/**
 * Cuts a byte stream into whole packets, whatever the chunks' borders; finds the first packet of a stream
 * that starts in the middle of one, and finds back after lost or inserted bytes.
 */
export class PacketAligner {
  #rest: Buffer = Buffer.alloc(0)
  #synced = false
  /** Times that the sync byte was missing where a packet should begin. */
  syncLosses = 0
  /** Bytes thrown away while looking for packets. */
  discardedBytes = 0

  /** Whole packets out of what came so far; empty while none is complete. */
  push(chunk: Buffer): Buffer {
    const data = this.#rest.length === 0 ? chunk : Buffer.concat([this.#rest, chunk])
    const pieces: Buffer[] = []
    let at = 0
    while (true) {
      if (!this.#synced) {
        const found = findSync(data, at)
        this.discardedBytes += found.at - at
        at = found.at
        if (!found.sure) break
        this.#synced = true
      }
      const end = endOfPackets(data, at)
      if (end > at) pieces.push(data.subarray(at, end))
      at = end
      if (data.length - at < packetBytes && (at === data.length || data[at] === syncByte)) break
      this.#synced = false
      this.syncLosses++
    }
    this.#rest = data.subarray(at)
    return pieces.length === 1 && pieces[0] !== undefined ? pieces[0] : Buffer.concat(pieces)
  }
}

/** The end of the run of whole packets that begins at `from`. */
function endOfPackets(data: Buffer, from: number): number {
  let at = from
  while (at + packetBytes <= data.length && byte(data, at) === syncByte) at += packetBytes
  return at
}

/** The first place that is, or with more data may turn out to be, the beginning of packets. */
function findSync(data: Buffer, from: number): { at: number; sure: boolean } {
  for (let at = data.indexOf(syncByte, from); at >= 0; at = data.indexOf(syncByte, at + 1)) {
    let seen = 1
    while (seen < syncWitnesses && data[at + seen * packetBytes] === syncByte) seen++
    if (seen === syncWitnesses) return { at, sure: true }
    if (at + seen * packetBytes >= data.length) return { at, sure: false }
  }
  return { at: data.length, sure: false }
}
