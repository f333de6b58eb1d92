import { packetBytes, syncByte } from "../packet.ts"
import type { Programme } from "../programme.ts"
import { crc32, type TableId } from "../section.ts"

const payloadBytes = packetBytes - 4

/** version_number of a section (ISO 13818-1 2.4.4.3). */
export const versionOf = (section: Buffer) => (section.readUInt8(5) >> 1) & 0x1f

interface Heading {
  /** transport_stream_id of a PAT, program_number of a PMT. */
  id: number
  version: number
}

export interface PatContent {
  programme: number
  pmtPid: number
}

/** A PAT with one programme (2.4.4.3). */
export function writePat(heading: Heading, { programme, pmtPid }: PatContent): Buffer {
  return writeSection(0, heading, Buffer.from([programme >> 8, programme & 0xff, ...pidBytes(pmtPid)]))
}

/** A PMT of this programme (2.4.4.8), its number aside. */
export function writePmt(heading: Heading, { pcrPid, descriptors, streams }: Programme): Buffer {
  const entries = streams.flatMap((stream) => [
    Buffer.from([stream.type, ...pidBytes(stream.pid), ...lengthBytes(stream.descriptors)]),
    stream.descriptors,
  ])
  const head = Buffer.from([...pidBytes(pcrPid), ...lengthBytes(descriptors)])
  return writeSection(2, heading, Buffer.concat([head, descriptors, ...entries]))
}

// Reserved bits are 1 (2.1.46).
const pidBytes = (pid: number) => [0xe0 | (pid >> 8), pid & 0xff]
const lengthBytes = ({ length }: Buffer) => [0xf0 | (length >> 8), length & 0xff]

function writeSection(tableId: TableId, { id, version }: Heading, body: Buffer): Buffer {
  const length = 5 + body.length + 4
  const head = [tableId, 0xb0 | (length >> 8), length & 0xff, id >> 8, id & 0xff, 0xc1 | (version << 1), 0, 0]
  const section = Buffer.concat([Buffer.from(head), body, Buffer.alloc(4)])
  section.writeUInt32BE(crc32(section.subarray(0, -4)), section.length - 4)
  return section
}

/** The packets of a section, whose counters are yet to be set. */
export function packetise(pid: number, section: Buffer): Buffer {
  const bytes = Buffer.concat([Buffer.from([0]), section])
  const count = Math.ceil(bytes.length / payloadBytes)
  const packets = Buffer.alloc(count * packetBytes, 0xff)
  for (let index = 0; index < count; index++) {
    const at = index * packetBytes
    packets.set([syncByte, (index === 0 ? 0x40 : 0) | (pid >> 8), pid & 0xff, 0x10], at)
    packets.set(bytes.subarray(index * payloadBytes, (index + 1) * payloadBytes), at + 4)
  }
  return packets
}
