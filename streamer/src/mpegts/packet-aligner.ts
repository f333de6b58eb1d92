import { byte, packetBytes, syncByte } from "./packet.ts"
import { allocateRoomy, giveRoom, type Room, takeRoom, widen } from "./room.ts"

// Three sync bytes a packet apart: by chance once in 16 million positions. M2TS whose times begin with 0x47
// (copy_permission_indicator 1, for 0.6 s in 40) can mislead, until the times have moved on.
const syncWitnesses = 3

/**
 * Bytes from packet to packet: plain; with a time of arrival before each (M2TS, Blu-ray and AVCHD); with
 * parity behind each (ISO 13818-1 leaves it to DVB: EN 300 429). Plain ones are tried first.
 */
const strides = [packetBytes, 192, 204] as const
type Stride = (typeof strides)[number]
const none: Buffer = Buffer.alloc(0)

/**
 * Cuts a byte stream into whole packets of 188 bytes, whatever the chunks' borders; finds the first packet of
 * a stream that starts in the middle of one, and finds back after lost or inserted bytes.
 */
export class PacketAligner {
  #rest: Buffer = none
  /** Null while packets are looked for. */
  #stride: Stride | null = null
  /** Bytes between packets that have not come yet. */
  #ahead = 0
  /** Times that the sync byte was missing where a packet should begin. */
  syncLosses = 0
  /** Bytes thrown away while looking for packets. */
  discardedBytes = 0

  /** Whole packets out of what came so far; empty while none is complete. They are in the chunk's own memory, if it has room. */
  push(chunk: Buffer): Buffer {
    const data = this.#join(chunk)
    const room = takeRoom(data)
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
      if (end > at) pieces.push(packetsBetween(data, at, end, { stride: this.#stride, room }))
      at = end
      if (at >= data.length || (data.length - at < packetBytes && data[at] === syncByte)) break
      this.#stride = null
      this.syncLosses++
    }
    // Copied, as the bytes behind the packets are their room.
    this.#rest = at < data.length ? Buffer.from(data.subarray(at)) : none
    this.#ahead = Math.max(0, at - data.length)
    const [first] = pieces
    return pieces.length === 1 && first !== undefined ? first : Buffer.concat(pieces)
  }

  #join(chunk: Buffer): Buffer {
    const rest = this.#rest
    if (rest.length === 0) return chunk
    const room = takeRoom(chunk)
    if (room !== null && rest.length <= room.before) {
      const data = widen(chunk, rest.length, 0)
      rest.copy(data)
      return giveRoom(data, { before: room.before - rest.length, lender: room.lender })
    }
    const data = allocateRoomy(rest.length + chunk.length)
    chunk.copy(data, rest.length)
    rest.copy(data)
    return data
  }
}

/** Where the packet after the run of whole packets that begins at `from` should begin. */
function endOfPackets(data: Buffer, from: number, stride: Stride): number {
  let at = from
  while (at + packetBytes <= data.length && byte(data, at) === syncByte) at += stride
  return at
}

/** Packets without what stands between them; plain ones are not copied, and what is before them becomes their room. */
function packetsBetween(
  data: Buffer,
  from: number,
  end: number,
  { stride, room }: { stride: Stride; room: Room | null },
): Buffer {
  if (stride === packetBytes) {
    const packets = data.subarray(from, end)
    return room === null ? packets : giveRoom(packets, room)
  }
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
