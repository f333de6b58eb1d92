import { byteAt, PACKET_BYTES, SYNC_BYTE } from "./packet.ts"

/** What the byte stream looked like below the packets. */
export interface SyncState {
  /** The very first byte began a packet; null before it came. */
  readonly aligned: boolean | null
  readonly syncLosses: number
  /** Bytes dropped while looking for the next packet. */
  readonly skippedBytes: number
  /** Bytes of the packet that is not complete yet; over 0 at the end means a cut in mid-packet. */
  readonly partialPacketBytes: number
}

/**
 * Cuts a byte stream into packets, whatever the chunks. Lost sync is regained where two sync bytes stand
 * one packet apart, because a lone 0x47 is common in payload (ISO 13818-1 2.4.3.3 leaves the count open).
 */
export function createPacketSync(onPacket: (packet: Buffer) => void) {
  let rest: Buffer = Buffer.alloc(0)
  let aligned: boolean | null = null
  let locked = false
  let syncLosses = 0
  let skippedBytes = 0

  const isSync = (bytes: Buffer, index: number) => byteAt(bytes, index) === SYNC_BYTE

  /** The first index from `from` on that looks like a packet's start, or where to go on with more bytes. */
  function findSync(bytes: Buffer, from: number): { index: number; found: boolean } {
    let index = from
    for (; index + PACKET_BYTES < bytes.length; index++) {
      if (isSync(bytes, index) && isSync(bytes, index + PACKET_BYTES)) return { index, found: true }
    }
    return { index, found: false }
  }

  function feed(chunk: Buffer): void {
    if (chunk.length === 0) return
    if (aligned === null) {
      aligned = isSync(chunk, 0)
      locked = aligned
    }
    const bytes = rest.length > 0 ? Buffer.concat([rest, chunk]) : chunk
    let index = 0
    while (index + PACKET_BYTES <= bytes.length) {
      if (locked && !isSync(bytes, index)) {
        locked = false
        syncLosses++
      }
      if (!locked) {
        const next = findSync(bytes, index)
        skippedBytes += next.index - index
        index = next.index
        locked = next.found
        if (!locked) break
      }
      onPacket(bytes.subarray(index, index + PACKET_BYTES))
      index += PACKET_BYTES
    }
    rest = bytes.subarray(index)
  }

  return {
    feed,
    state: (): SyncState => ({ aligned, syncLosses, skippedBytes, partialPacketBytes: rest.length }),
  }
}
