import { PACKET_BYTES } from "../packet.ts"
import { crc32 } from "../sections.ts"

const ONLY_SECTION = { number: 0, last: 0 }

function section(
  tableId: number,
  id: number,
  version: number,
  body: readonly number[],
  { number, last } = ONLY_SECTION,
): Buffer {
  const length = 5 + body.length + 4
  const head = [
    tableId,
    0xb0 | (length >> 8),
    length & 0xff,
    id >> 8,
    id & 0xff,
    0xc1 | (version << 1),
    number,
    last,
  ]
  const bytes = Buffer.from([...head, ...body, 0, 0, 0, 0])
  bytes.writeUInt32BE(crc32(bytes.subarray(0, -4)), bytes.length - 4)
  return bytes
}

const pidBytes = (pid: number) => [0xe0 | (pid >> 8), pid & 0xff]

export function buildPat(
  programmes: readonly { programme: number; pmtPid: number }[],
  version = 0,
  order = ONLY_SECTION,
): Buffer {
  const body = programmes.flatMap(({ programme, pmtPid }) => [
    programme >> 8,
    programme & 0xff,
    ...pidBytes(pmtPid),
  ])
  return section(0x00, 1, version, body, order)
}

export interface PmtContent {
  readonly programme: number
  readonly version?: number
  readonly pcrPid: number
  readonly streams: readonly { readonly pid: number; readonly streamType: number }[]
}

export function buildPmt({ programme, version = 0, pcrPid, streams }: PmtContent): Buffer {
  const list = streams.flatMap(({ pid, streamType }) => [streamType, ...pidBytes(pid), 0xf0, 0])
  return section(0x02, programme, version, [...pidBytes(pcrPid), 0xf0, 0, ...list])
}

/** Cuts sections that follow each other into packets; `counter` is the first packet's. */
export function packetise(pid: number, counter: number, ...sections: readonly Buffer[]): Buffer[] {
  const bytes = Buffer.concat([Buffer.from([0]), ...sections])
  const size = PACKET_BYTES - 4
  return Array.from({ length: Math.ceil(bytes.length / size) }, (_, index) => {
    const packet = Buffer.alloc(PACKET_BYTES, 0xff)
    packet.set([0x47, (index === 0 ? 0x40 : 0) | (pid >> 8), pid & 0xff, 0x10 | ((counter + index) & 0x0f)])
    packet.set(bytes.subarray(index * size, (index + 1) * size), 4)
    return packet
  })
}

/** A packet that starts a PES packet with a decoding time and these elementary bytes, then stuffing. */
export function pesPacket(
  pid: number,
  counter: number,
  { dts90kHz, data }: { readonly dts90kHz: number; readonly data: readonly number[] },
): Buffer {
  const packet = Buffer.alloc(PACKET_BYTES, 0xff)
  const low = dts90kHz % 2 ** 30
  const time = [
    0x21 | (Math.floor(dts90kHz / 2 ** 30) << 1),
    low >> 22,
    ((low >> 14) & 0xfe) | 1,
    (low >> 7) & 0xff,
    ((low << 1) & 0xfe) | 1,
  ]
  packet.set([0x47, 0x40 | (pid >> 8), pid & 0xff, 0x10 | counter])
  packet.set([0, 0, 1, 0xe0, 0, 0, 0x80, 0x80, 5, ...time, ...data], 4)
  return packet
}
