import { byteAt } from "./packet.ts"

export interface PesHeader {
  /** Where the elementary stream's bytes begin in the payload. */
  readonly dataStart: number
  /** Decoding time in ticks of 90 kHz (the presentation time where no other is given), or null. */
  readonly dts90kHz: number | null
}

/** Stream ids whose packets have no header beyond the length (ISO 13818-1 2.4.3.6 and table 2-22). */
const BARE_STREAM_IDS = new Set([0xbc, 0xbe, 0xbf, 0xf0, 0xf1, 0xf2, 0xf8, 0xff])

/** 33 bits, spread over five bytes with marker bits between (2.4.3.7). */
function timestampAt(payload: Uint8Array, at: number): number {
  const top = (byteAt(payload, at) >> 1) & 0x07
  const middle = (byteAt(payload, at + 1) << 7) | (byteAt(payload, at + 2) >> 1)
  const low = (byteAt(payload, at + 3) << 7) | (byteAt(payload, at + 4) >> 1)
  return top * 2 ** 30 + middle * 2 ** 15 + low
}

/** Reads the header of a PES packet from the payload it starts in; null when it is no PES packet. */
export function readPesHeader(payload: Uint8Array): PesHeader | null {
  if (byteAt(payload, 0) !== 0 || byteAt(payload, 1) !== 0 || byteAt(payload, 2) !== 1) return null
  if (payload.length < 4) return null
  if (BARE_STREAM_IDS.has(byteAt(payload, 3))) return { dataStart: 6, dts90kHz: null }
  if (payload.length < 9 || (byteAt(payload, 6) & 0xc0) !== 0x80) return null
  const flags = byteAt(payload, 7)
  const dataStart = 9 + byteAt(payload, 8)
  if ((flags & 0x80) === 0 || payload.length < 14) return { dataStart, dts90kHz: null }
  const at = (flags & 0x40) !== 0 && payload.length >= 19 ? 14 : 9
  return { dataStart, dts90kHz: timestampAt(payload, at) }
}
