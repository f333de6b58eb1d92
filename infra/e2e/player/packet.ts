// Reads the fields of one 188-byte transport packet (ISO 13818-1 2.4.3.2 and 2.4.3.4). Written for the
// checking player alone: it shares nothing with the streamer, so that a bug there cannot hide here.

export const PACKET_BYTES = 188
export const SYNC_BYTE = 0x47
export const NULL_PID = 0x1fff
/** PIDs below this carry PSI and SI, never elementary streams (ISO 13818-1 table 2-3, EN 300 468 5.1.3). */
export const FIRST_FREE_PID = 0x20

/** The byte at `index`, 0 past the end: damaged packets are read too. */
export const byteAt = (bytes: Uint8Array, index: number): number => bytes[index] ?? 0

/** The 13 low bits of two bytes, as every PID in headers and tables is written. */
export const pidAt = (bytes: Uint8Array, index: number): number =>
  ((byteAt(bytes, index) & 0x1f) << 8) | byteAt(bytes, index + 1)

export const pidOf = (packet: Uint8Array): number => pidAt(packet, 1)
export const hasTransportError = (packet: Uint8Array): boolean => (byteAt(packet, 1) & 0x80) !== 0
export const startsUnit = (packet: Uint8Array): boolean => (byteAt(packet, 1) & 0x40) !== 0
export const isScrambled = (packet: Uint8Array): boolean => (byteAt(packet, 3) & 0xc0) !== 0
export const hasPayload = (packet: Uint8Array): boolean => (byteAt(packet, 3) & 0x10) !== 0
export const counterOf = (packet: Uint8Array): number => byteAt(packet, 3) & 0x0f

const hasAdaptation = (packet: Uint8Array): boolean => (byteAt(packet, 3) & 0x20) !== 0

const adaptationFlag = (packet: Uint8Array, mask: number): boolean =>
  hasAdaptation(packet) && byteAt(packet, 4) > 0 && (byteAt(packet, 5) & mask) !== 0

export const announcesDiscontinuity = (packet: Uint8Array): boolean => adaptationFlag(packet, 0x80)
export const isRandomAccess = (packet: Uint8Array): boolean => adaptationFlag(packet, 0x40)
export const hasPcr = (packet: Uint8Array): boolean => adaptationFlag(packet, 0x10)

/** Where the payload begins; at or past 188 when there is none. */
export function payloadStart(packet: Uint8Array): number {
  if (!hasPayload(packet)) return PACKET_BYTES
  return hasAdaptation(packet) ? 5 + byteAt(packet, 4) : 4
}

/** The programme clock reference of a packet that has one, in ticks of 27 MHz: beyond 32-bit operators. */
export function pcr27MHz(packet: Uint8Array): number {
  const high = byteAt(packet, 6) * 2 ** 24 + uint24(packet, 7)
  const base = high * 2 + (byteAt(packet, 10) >> 7)
  const extension = ((byteAt(packet, 10) & 1) << 8) | byteAt(packet, 11)
  return base * 300 + extension
}

const uint24 = (bytes: Uint8Array, index: number): number =>
  (byteAt(bytes, index) << 16) | (byteAt(bytes, index + 1) << 8) | byteAt(bytes, index + 2)
