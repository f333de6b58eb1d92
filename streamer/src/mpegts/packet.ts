/** Bytes of a transport packet (ISO 13818-1 2.4.3.2). */
export const packetBytes = 188
export const syncByte = 0x47
export const nullPid = 0x1fff

/** Fields of the packet that starts at `at`. All take a buffer and an offset, so that nothing is copied. */
export const pidOf = (data: Buffer, at: number) => ((byte(data, at + 1) & 0x1f) << 8) | byte(data, at + 2)
export const startsUnit = (data: Buffer, at: number) => (byte(data, at + 1) & 0x40) !== 0
export const hasPayload = (data: Buffer, at: number) => (byte(data, at + 3) & 0x10) !== 0
/** continuity_counter (2.4.3.3). */
export const counterOf = (data: Buffer, at: number) => byte(data, at + 3) & 0x0f
export const hasAdaptation = (data: Buffer, at: number) => (byte(data, at + 3) & 0x20) !== 0

/** transport_scrambling_control: the payload cannot be read. */
export const isScrambled = (data: Buffer, at: number) => (byte(data, at + 3) & 0xc0) !== 0

/** Where the payload begins, after the adaptation field; the packet's end when there is none. */
export function payloadAt(data: Buffer, at: number): number {
  const end = at + packetBytes
  if (!hasPayload(data, at)) return end
  return hasAdaptation(data, at) ? Math.min(at + 5 + byte(data, at + 4), end) : at + 4
}

const hasFlag = (data: Buffer, at: number, mask: number) =>
  hasAdaptation(data, at) && byte(data, at + 4) > 0 && (byte(data, at + 5) & mask) !== 0

/** random_access_indicator of the adaptation field (2.4.3.5). */
export const isRandomAccess = (data: Buffer, at: number) => hasFlag(data, at, 0x40)
/** The packet carries a programme clock reference. */
export const hasPcr = (data: Buffer, at: number) => hasFlag(data, at, 0x10)

/** Leaves the packet its adaptation field, which it must have, and stuffing (ISO 13818-1 2.4.3.5). */
export function stripPayload(data: Buffer, at: number): void {
  data.fill(0xff, Math.min(at + 5 + byte(data, at + 4), at + packetBytes), at + packetBytes)
  data[at + 1] = byte(data, at + 1) & ~0x40
  data[at + 3] = byte(data, at + 3) & ~0x10
  data[at + 4] = packetBytes - 5
}

/** A byte that is known to be inside the buffer. */
export function byte(data: Buffer, at: number): number {
  return data[at] ?? 0
}
