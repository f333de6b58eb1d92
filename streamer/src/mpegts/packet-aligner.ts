import { byte, packetBytes, syncByte } from "./packet.ts"

// Three sync bytes a packet apart: by chance once in 16 million positions. M2TS whose times begin with 0x47
// (copy_permission_indicator 1, for 0.6 s in 40) can mislead, until the times have moved on.
const syncWitnesses = 3

/**
 * Bytes from packet to packet: plain; with a time of arrival before each (M2TS, Blu-ray and AVCHD); with
 * parity behind each (ISO 13818-1 leaves it to DVB: EN 300 429). Plain ones are tried first.
 */
const strides = [packetBytes, 192, 204] as const
type Stride = (typeof strides)[number]

/**
 * Cuts a byte stream into whole packets of 188 bytes, whatever the chunks' borders; finds the first packet of
 * a stream that starts in the middle of one, and finds back after lost or inserted bytes.
 */
export class PacketAligner {
  #rest: Buffer = Buffer.alloc(0)
  /** Null while packets are looked for. */
  #stride: Stride | null = null
  /** Bytes between packets that have not come yet. */
  #ahead = 0
  /** Times that the sync byte was missing where a packet should begin. */
  syncLosses = 0
  /** Bytes thrown away while looking for packets. */
  discardedBytes = 0

  /** Whole packets out of what came so far; empty while none is complete. */
  push(chunk: Buffer): Buffer {
    const data = this.#rest.length === 0 ? chunk : Buffer.concat([this.#rest, chunk])
    const pieces: Buffer[] = []
    let at = this.#ahead
    while (at < data.length) {
      if (this.#stride === null) {
        const found = findSync(data, at)
        this.discardedBytes += found.at - at
        at = found.at
        if (found.stride === null) break
        this.#stride = found.stride
      }
      const end = endOfPackets(data, at, this.#stride)
      if (end > at) pieces.push(packetsBetween(data, at, end, this.#stride))
      at = end
      if (at >= data.length || (data.length - at < packetBytes && data[at] === syncByte)) break
      this.#stride = null
      this.syncLosses++
    }
    this.#rest = data.subarray(at)
    this.#ahead = Math.max(0, at - data.length)
    return pieces.length === 1 && pieces[0] !== undefined ? pieces[0] : Buffer.concat(pieces)
  }
}

/** Where the packet after the run of whole packets that begins at `from` should begin. */
function endOfPackets(data: Buffer, from: number, stride: Stride): number {
  let at = from
  while (at + packetBytes <= data.length && byte(data, at) === syncByte) at += stride
  return at
}

/** Packets without what stands between them; plain ones are not copied. */
function packetsBetween(data: Buffer, from: number, end: number, stride: Stride): Buffer {
  if (stride === packetBytes) return data.subarray(from, end)
  const packets = Buffer.allocUnsafe(((end - from) / stride) * packetBytes)
  for (let at = from, to = 0; at < end; at += stride, to += packetBytes)
    data.copy(packets, to, at, at + packetBytes)
  return packets
}

/** The first place that is, or with more data (then without stride) may be, the beginning of packets. */
function findSync(data: Buffer, from: number): { at: number; stride: Stride | null } {
  for (let at = data.indexOf(syncByte, from); at >= 0; at = data.indexOf(syncByte, at + 1))
    for (const stride of strides) {
      let seen = 1
      while (seen < syncWitnesses && data[at + seen * stride] === syncByte) seen++
      if (seen === syncWitnesses) return { at, stride }
      if (at + seen * stride >= data.length) return { at, stride: null }
    }
  return { at: data.length, stride: null }
}
