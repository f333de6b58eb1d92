/** Reading and rewriting of MPEG-TS packets in place (ISO 13818-1 2.4.3); offsets are into the buffer given. */

export const packetBytes = 188
/** PCR, PTS and DTS count modulo 2^33 in units of 90 kHz. */
export const timestampModulus = 2 ** 33

export const pidAt = (bytes: Buffer, at: number): number => bytes.readUInt16BE(at + 1) & 0x1fff
export const hasPayload = (bytes: Buffer, at: number): boolean => ((bytes[at + 3] ?? 0) & 0x10) !== 0
export const startsUnit = (bytes: Buffer, at: number): boolean => ((bytes[at + 1] ?? 0) & 0x40) !== 0
export const counterAt = (bytes: Buffer, at: number): number => (bytes[at + 3] ?? 0) & 0x0f

export function setCounter(bytes: Buffer, at: number, counter: number): void {
  bytes[at + 3] = ((bytes[at + 3] ?? 0) & 0xf0) | (counter & 0x0f)
}

function adaptationFlags(bytes: Buffer, at: number): number {
  const present = ((bytes[at + 3] ?? 0) & 0x20) !== 0 && (bytes[at + 4] ?? 0) > 0
  return present ? (bytes[at + 5] ?? 0) : 0
}

export const isRandomAccess = (bytes: Buffer, at: number): boolean =>
  (adaptationFlags(bytes, at) & 0x40) !== 0

/** Where the packet's PCR is, from the packet's start, or 0. */
export const pcrOffset = (bytes: Buffer, at: number): number => (adaptationFlags(bytes, at) & 0x10 ? 6 : 0)

/** The base only: the extension of 27 MHz does not change when a whole number of 90 kHz ticks is added. */
export const readPcrBase = (bytes: Buffer, at: number): number =>
  bytes.readUInt32BE(at) * 2 + ((bytes[at + 4] ?? 0) >> 7)

export const readPcr27MHz = (bytes: Buffer, at: number): number =>
  readPcrBase(bytes, at) * 300 + (bytes.readUInt16BE(at + 4) & 0x1ff)

export function writePcrBase(bytes: Buffer, at: number, base: number): void {
  bytes.writeUInt32BE(Math.floor(base / 2), at)
  bytes[at + 4] = ((bytes[at + 4] ?? 0) & 0x7f) | ((base % 2) << 7)
}

export function payloadOffset(bytes: Buffer, at: number): number {
  return ((bytes[at + 3] ?? 0) & 0x20) !== 0 ? 5 + (bytes[at + 4] ?? 0) : 4
}

/** Where PTS and DTS of a PES that starts in this packet are, from the packet's start; 0 for none. */
export function pesTimestampOffsets(bytes: Buffer, at: number): { pts: number; dts: number } {
  const none = { pts: 0, dts: 0 }
  if (!startsUnit(bytes, at) || !hasPayload(bytes, at)) return none
  const offset = payloadOffset(bytes, at)
  const pes = at + offset
  if (offset + 9 > packetBytes || bytes.readUIntBE(pes, 3) !== 1) return none
  const flags = (bytes[pes + 7] ?? 0) >> 6
  if (flags < 2) return none
  const end = offset + (flags === 3 ? 19 : 14)
  if (end > packetBytes) throw new Error("a PES header is split over two packets")
  return { pts: offset + 9, dts: flags === 3 ? offset + 14 : 0 }
}

export function readTimestamp(bytes: Buffer, at: number): number {
  const top = ((bytes[at] ?? 0) >> 1) & 7
  return top * 2 ** 30 + (bytes.readUInt16BE(at + 1) >> 1) * 2 ** 15 + (bytes.readUInt16BE(at + 3) >> 1)
}

/** Keeps the prefix and the three marker bits (ISO 13818-1 2.4.3.6). */
export function writeTimestamp(bytes: Buffer, at: number, ticks: number): void {
  bytes[at] = ((bytes[at] ?? 0) & 0xf0) | (Math.floor(ticks / 2 ** 30) << 1) | 1
  bytes.writeUInt16BE((Math.floor(ticks / 2 ** 15) % 2 ** 15) * 2 + 1, at + 1)
  bytes.writeUInt16BE((ticks % 2 ** 15) * 2 + 1, at + 3)
}
