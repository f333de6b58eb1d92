import { wrapTicks } from "./clock.ts"
import { byte, packetBytes, payloadAt } from "./packet.ts"

// Those whose header ends with the length (ISO 13818-1 2.4.3.6 and table 2-22).
const bareStreamIds: ReadonlySet<number> = new Set([0xbc, 0xbe, 0xbf, 0xf0, 0xf1, 0xf2, 0xf8, 0xff])

/** Of a unit, in 90 kHz. */
export interface UnitTimes {
  /** When it is decoded; when it is presented, where that is the only time told. */
  dts90kHz: number
  pts90kHz: number
}

/** The times of the unit that starts in the packet at `at`; null when it has none, or they lie elsewhere. */
export function readTimes(data: Buffer, at: number): UnitTimes | null {
  const header = headerAt(data, at)
  if (header < 0) return null
  const flags = byte(data, header + 7) >> 6
  const last = header + (flags === 3 ? 14 : 9)
  if (flags < 2 || last + 5 > at + packetBytes) return null
  return { dts90kHz: readTime(data, last), pts90kHz: readTime(data, header + 9) }
}

export function readDts(data: Buffer, at: number): number | null {
  return readTimes(data, at)?.dts90kHz ?? null
}

/** PES_packet_length of the unit that starts in the packet at `at`: 0 when it is not told, as video may. */
export function unitBytes(data: Buffer, at: number): number {
  const header = headerAt(data, at)
  return header < 0 ? 0 : (byte(data, header + 4) << 8) | byte(data, header + 5)
}

/** Moves PTS and DTS of the unit that starts in the packet at `at`. */
export function shiftTimes(data: Buffer, at: number, ticks90kHz: number): void {
  const header = headerAt(data, at)
  if (header < 0) return
  const flags = byte(data, header + 7) >> 6
  if (flags < 2) return
  const times = flags === 3 ? 2 : 1
  if (header + 9 + 5 * times > at + packetBytes) {
    // Times that go on in the next packet cannot be changed here, and would be wrong: a unit without times is
    // legal, and players count on.
    data[header + 7] = byte(data, header + 7) & 0x3f
    return
  }
  for (let time = header + 9; time < header + 9 + 5 * times; time += 5)
    writeTime(data, time, wrapTicks(readTime(data, time) + ticks90kHz))
}

/** Where the PES header begins; negative when there is none with flags, as 2.4.3.7 has it. */
function headerAt(data: Buffer, at: number): number {
  const from = payloadAt(data, at)
  if (from + 8 > at + packetBytes) return -1
  if (data[from] !== 0 || data[from + 1] !== 0 || data[from + 2] !== 1) return -1
  if (bareStreamIds.has(byte(data, from + 3)) || (byte(data, from + 6) & 0xc0) !== 0x80) return -1
  return from
}

// 33 bits in five bytes, with marker bits between.
function readTime(data: Buffer, at: number): number {
  const low =
    (byte(data, at + 1) << 22) |
    ((byte(data, at + 2) & 0xfe) << 14) |
    (byte(data, at + 3) << 7) |
    (byte(data, at + 4) >> 1)
  return ((byte(data, at) >> 1) & 0x07) * 2 ** 30 + low
}

function writeTime(data: Buffer, at: number, time: number): void {
  const low = time % 2 ** 30
  data[at] = (byte(data, at) & 0xf0) | (Math.floor(time / 2 ** 30) << 1) | 1
  data[at + 1] = low >> 22
  data[at + 2] = ((low >> 14) & 0xfe) | 1
  data[at + 3] = low >> 7
  data[at + 4] = ((low << 1) & 0xfe) | 1
}
