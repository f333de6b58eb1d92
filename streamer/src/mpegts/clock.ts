import { byte } from "./packet.ts"

// PTS, DTS and the base of the PCR count 90 kHz in 33 bits (ISO 13818-1 2.4.2.1): beyond 32-bit operators.
const modulus90kHz = 2 ** 33
/** Ticks of 27 MHz in one of 90 kHz. */
const fine = 300

export const ticksPerSecond = 90_000
export const ticksPerMs = 90

/** A time on the 33-bit circle. */
export function wrapTicks(ticks90kHz: number): number {
  return ((ticks90kHz % modulus90kHz) + modulus90kHz) % modulus90kHz
}

/** The way from one time to another, the shorter way round: negative is back. */
export function ticksBetween(from90kHz: number, to90kHz: number): number {
  const forward = wrapTicks(to90kHz - from90kHz)
  return forward < modulus90kHz / 2 ? forward : forward - modulus90kHz
}

/** A programme clock reference: the whole ticks of 90 kHz, and the 27 MHz ones beyond them. */
export interface Pcr {
  base90kHz: number
  extension: number
}

/** The PCR of a packet that has one (2.4.3.5). */
export function readPcr(data: Buffer, at: number): Pcr {
  return {
    base90kHz: readPcrBase(data, at),
    extension: ((byte(data, at + 10) & 1) << 8) | byte(data, at + 11),
  }
}

export function readPcrBase(data: Buffer, at: number): number {
  const high =
    ((byte(data, at + 6) << 24) |
      (byte(data, at + 7) << 16) |
      (byte(data, at + 8) << 8) |
      byte(data, at + 9)) >>>
    0
  return high * 2 + (byte(data, at + 10) >> 7)
}

export function writePcr(data: Buffer, at: number, { base90kHz, extension }: Pcr): void {
  writePcrBase(data, at, base90kHz)
  data[at + 10] = (byte(data, at + 10) & 0x80) | 0x7e | ((extension % fine) >> 8)
  data[at + 11] = extension & 0xff
}

/** The extension stays. */
export function writePcrBase(data: Buffer, at: number, base90kHz: number): void {
  data.writeUInt32BE(Math.floor(base90kHz / 2), at + 6)
  data[at + 10] = ((base90kHz & 1) << 7) | (byte(data, at + 10) & 0x7f)
}
