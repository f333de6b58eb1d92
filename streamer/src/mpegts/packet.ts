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
const hasAdaptation = (data: Buffer, at: number) => (byte(data, at + 3) & 0x20) !== 0

/** Where the payload begins, after the adaptation field; the packet's end when there is none. */
export function payloadAt(data: Buffer, at: number): number {
  const end = at + packetBytes
  if (!hasPayload(data, at)) return end
  return hasAdaptation(data, at) ? Math.min(at + 5 + byte(data, at + 4), end) : at + 4
}

/** random_access_indicator of the adaptation field (2.4.3.5). */
export function isRandomAccess(data: Buffer, at: number): boolean {
  return hasAdaptation(data, at) && byte(data, at + 4) > 0 && (byte(data, at + 5) & 0x40) !== 0
}

/** A byte that is known to be inside the buffer. */
export function byte(data: Buffer, at: number): number {
  return data[at] ?? 0
}
