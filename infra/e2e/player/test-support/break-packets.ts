// Pure ways to damage a stream. Each returns a new list and shares no changed packet with the old one.
import { hasPayload, NULL_PID, PACKET_BYTES, pidOf } from "../packet.ts"

export type Packets = readonly Buffer[]

export function packetsOf(stream: Buffer): Packets {
  return Array.from({ length: Math.floor(stream.length / PACKET_BYTES) }, (_, index) =>
    stream.subarray(index * PACKET_BYTES, (index + 1) * PACKET_BYTES),
  )
}

export const join = (packets: Packets): Buffer => Buffer.concat(packets)

/** Where the packets that `accept` takes stand. */
export const indexesOf = (packets: Packets, accept: (packet: Buffer) => boolean): number[] =>
  packets.flatMap((packet, index) => (accept(packet) ? [index] : []))

/** Where the packets with payload of one PID stand. */
export const payloadIndexes = (packets: Packets, pid: number): number[] =>
  indexesOf(packets, (packet) => pidOf(packet) === pid && hasPayload(packet))

export function drop(packets: Packets, indexes: readonly number[]): Packets {
  const gone = new Set(indexes)
  return packets.filter((_, index) => !gone.has(index))
}

/** Sends a packet `extra` times more, right behind itself. */
export function repeat(packets: Packets, index: number, extra = 1): Packets {
  const packet = packets.slice(index, index + 1)
  return packets.toSpliced(index, 0, ...Array.from({ length: extra }, () => packet).flat())
}

/** Sends a packet after the one that stands at `later`. */
export function delay(packets: Packets, index: number, later: number): Packets {
  const packet = packets.slice(index, index + 1)
  return packets.toSpliced(later + 1, 0, ...packet).toSpliced(index, 1)
}

/** Replaces a packet by an edited copy of it. */
export function edit(packets: Packets, index: number, change: (packet: Buffer) => void): Packets {
  return packets.map((packet, at) => {
    if (at !== index) return packet
    const copy = Buffer.from(packet)
    change(copy)
    return copy
  })
}

const setBits = (packets: Packets, index: number, at: number, bits: number): Packets =>
  edit(packets, index, (packet) => void packet.writeUInt8(packet.readUInt8(at) | bits, at))

export const markError = (packets: Packets, index: number): Packets => setBits(packets, index, 1, 0x80)
export const markScrambled = (packets: Packets, index: number): Packets => setBits(packets, index, 3, 0x80)

export const breakSync = (packets: Packets, index: number): Packets =>
  edit(packets, index, (packet) => void packet.writeUInt8(0x46, 0))

export function insert(packets: Packets, index: number, ...more: Packets): Packets {
  return packets.toSpliced(index, 0, ...more)
}

export function nullPacket(): Buffer {
  const packet = Buffer.alloc(PACKET_BYTES, 0xff)
  packet.set([0x47, NULL_PID >> 8, NULL_PID & 0xff, 0x10])
  return packet
}

/** A packet without payload that sets discontinuity_indicator, as sent ahead of a counter that jumps. */
export function announcement(pid: number, counter: number): Buffer {
  const packet = Buffer.alloc(PACKET_BYTES, 0xff)
  packet.set([0x47, pid >> 8, pid & 0xff, 0x20 | counter, PACKET_BYTES - 5, 0x80])
  return packet
}

/** Bytes that never look like a packet's start. */
export const garbage = (length: number): Buffer => Buffer.alloc(length, 0xa5)
