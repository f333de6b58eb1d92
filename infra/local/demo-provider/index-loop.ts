import {
  counterAt,
  hasPayload,
  isRandomAccess,
  packetBytes,
  payloadOffset,
  pcrOffset,
  pesTimestampOffsets,
  pidAt,
  readPcr27MHz,
  startsUnit,
} from "./ts-packet.ts"

const nullPid = 0x1fff
const sdtPid = 0x11
const ticksPerSecond27MHz = 27_000_000

/** A loop and what is in each of its packets; arrays are indexed by packet. */
export type IndexedLoop = {
  bytes: Buffer
  packets: number
  seconds: number
  ticks90kHz: number
  /** When the packet is sent, in seconds from the loop's start; never falls. */
  offsets: Float64Array
  /** How many payloads of its PID the loop has, modulo 16: what an iteration adds to the counter. */
  counterSteps: Uint8Array
  pcrAt: Uint8Array
  ptsAt: Uint8Array
  dtsAt: Uint8Array
  /** Where a viewer may start: tables, then a key frame. `seconds` is until the next one. */
  entries: { packet: number; offset: number; seconds: number }[]
}

/** Reads the loop once. Throws when it cannot be repeated without a break. */
export function indexLoop(bytes: Buffer, ticks90kHz: number, gopSeconds: number): IndexedLoop {
  const packets = bytes.length / packetBytes
  if (!Number.isInteger(packets) || packets === 0) throw new Error("the loop is not whole TS packets")
  const seconds = ticks90kHz / 90_000
  const pcrAt = new Uint8Array(packets)
  const ptsAt = new Uint8Array(packets)
  const dtsAt = new Uint8Array(packets)
  const tables = new Set([0, sdtPid])
  for (let packet = 0; packet < packets; packet++) {
    const at = packet * packetBytes
    if (bytes[at] !== 0x47) throw new Error(`packet ${packet} of the loop has no sync byte`)
    const pid = pidAt(bytes, at)
    if (pid === 0 && startsUnit(bytes, at)) tables.add(pmtPid(bytes, at))
    pcrAt[packet] = pcrOffset(bytes, at)
    if (tables.has(pid) || pid === nullPid) continue
    const { pts, dts } = pesTimestampOffsets(bytes, at)
    ptsAt[packet] = pts
    dtsAt[packet] = dts
  }
  const counterSteps = stepsOf(bytes, packets)
  const offsets = offsetsOf(bytes, packets, pcrAt, seconds)
  const entries = entriesOf(bytes, offsets, pcrAt, tables, gopSeconds, seconds)
  return { bytes, packets, seconds, ticks90kHz, offsets, counterSteps, pcrAt, ptsAt, dtsAt, entries }
}

/** The PMT's PID in the first programme of a PAT (ISO 13818-1 2.4.4.3). */
function pmtPid(bytes: Buffer, at: number): number {
  const payload = at + payloadOffset(bytes, at)
  const section = payload + 1 + (bytes[payload] ?? 0)
  return bytes.readUInt16BE(section + 10) & 0x1fff
}

function stepsOf(bytes: Buffer, packets: number): Uint8Array {
  const counts = new Map<number, number>()
  const last = new Map<number, number>()
  for (let packet = 0; packet < packets; packet++) {
    const at = packet * packetBytes
    const pid = pidAt(bytes, at)
    const step = hasPayload(bytes, at) ? 1 : 0
    const counter = counterAt(bytes, at)
    const before = last.get(pid)
    if (pid !== nullPid && before !== undefined && counter !== ((before + step) & 15))
      throw new Error(`the loop breaks the continuity of PID ${pid} at packet ${packet}`)
    last.set(pid, counter)
    counts.set(pid, (counts.get(pid) ?? 0) + step)
  }
  return Uint8Array.from(
    { length: packets },
    (_, packet) => (counts.get(pidAt(bytes, packet * packetBytes)) ?? 0) & 15,
  )
}

/** Between two PCRs the packets are spread evenly, as ISO 13818-1 2.4.2.2 has the decoder assume. */
function offsetsOf(bytes: Buffer, packets: number, pcrAt: Uint8Array, seconds: number): Float64Array {
  const marks: { packet: number; offset: number }[] = []
  let first = -1
  for (let packet = 0; packet < packets; packet++) {
    const within = pcrAt[packet] ?? 0
    if (within === 0) continue
    const pcr = readPcr27MHz(bytes, packet * packetBytes + within)
    if (first < 0) first = pcr
    marks.push({ packet, offset: (pcr - first) / ticksPerSecond27MHz })
  }
  if (first < 0) throw new Error("the loop has no PCR")
  marks.push({ packet: packets, offset: seconds })
  const offsets = new Float64Array(packets)
  for (let mark = 0; mark + 1 < marks.length; mark++) {
    const from = marks[mark]
    const to = marks[mark + 1]
    if (!from || !to) continue
    if (to.offset <= from.offset) throw new Error("the loop's PCR does not rise, or passes the loop's end")
    const slope = (to.offset - from.offset) / (to.packet - from.packet)
    for (let packet = from.packet; packet < to.packet; packet++)
      offsets[packet] = from.offset + slope * (packet - from.packet)
  }
  return offsets
}

/** With a picture: the tables before each key frame. Without: the first table after each `gopSeconds`. */
function entriesOf(
  bytes: Buffer,
  offsets: Float64Array,
  pcrAt: Uint8Array,
  tables: Set<number>,
  gopSeconds: number,
  loopSeconds: number,
): IndexedLoop["entries"] {
  const packets = offsets.length
  const isTable = (packet: number) => tables.has(pidAt(bytes, packet * packetBytes))
  const isStart = (packet: number) => !isTable(packet) && startsUnit(bytes, packet * packetBytes)
  let hasPicture = false
  for (let packet = 0; packet < packets && !hasPicture; packet++)
    hasPicture = isStart(packet) && isVideo(bytes, packet)
  const starts: number[] = []
  let next = 0
  for (let packet = 0; packet < packets; packet++) {
    // ffmpeg marks each AAC frame as a random access point: with a picture they do not count.
    if (!isStart(packet) || !isRandomAccess(bytes, packet * packetBytes)) continue
    if (hasPicture && !isVideo(bytes, packet)) continue
    let start = packet
    while (start > 0 && isTable(start - 1)) start--
    if (start === packet || (offsets[packet] ?? 0) < next - 0.02) continue
    starts.push(start)
    next = Math.round((offsets[packet] ?? 0) / gopSeconds) * gopSeconds + gopSeconds
  }
  if (starts[0] !== 0) throw new Error("the loop does not start with tables and a key frame")
  // A segment lasts from its own first PCR to the next one's, so that durations add up to the loop exactly.
  const times = starts.map((start) => {
    let packet = start
    while (packet < packets - 1 && !pcrAt[packet]) packet++
    return offsets[packet] ?? 0
  })
  return starts.map((packet, n) => ({
    packet,
    offset: offsets[packet] ?? 0,
    seconds: (times[n + 1] ?? loopSeconds) - (times[n] ?? 0),
  }))
}

/** The stream_id of a PES of video is 1110 xxxx (ISO 13818-1 table 2-22). */
function isVideo(bytes: Buffer, packet: number): boolean {
  const at = packet * packetBytes
  const streamId = bytes[at + payloadOffset(bytes, at) + 3] ?? 0
  return (streamId & 0xf0) === 0xe0
}
