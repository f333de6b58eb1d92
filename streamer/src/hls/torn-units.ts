import { packetBytes, payloadAt, pidOf, startsUnit } from "../mpegts/packet.ts"
import { unitBytes } from "../mpegts/pes-times.ts"
import type { ProgrammeTables } from "./programme-tables.ts"

/** The newest unit of one stream. */
interface NewestUnit {
  /** Position of its first packet. */
  at: number
  /** Bytes it says that it has; 0 when it does not tell. */
  told: number
  /** Bytes that came. */
  came: number
}

export interface WholeUnits {
  packets: Buffer
  /** Whether a picture was dropped: the segment is so much shorter. */
  isLeadShorter: boolean
  /** Nothing is left of the leading stream. */
  isEmpty: boolean
}

// PES_packet_length counts what follows it (ISO 13818-1 2.4.3.7).
const bytesBeforeLength = 6

/**
 * Packets without the units that a broken connection cut off, which may be the last one of each stream. One that does
 * not tell its length, as video may, is taken for cut off. Where a player would shrug at half a picture, the decoders
 * of browsers end.
 */
export function wholeUnits(packets: Buffer, tables: ProgrammeTables | null): WholeUnits {
  const newest = new Map<number, NewestUnit>()
  let leadUnits = 0
  for (let at = 0; at < packets.length; at += packetBytes) {
    const pid = pidOf(packets, at)
    if (tables?.isStream(pid) !== true) continue
    const payload = at + packetBytes - payloadAt(packets, at)
    const unit = newest.get(pid)
    if (startsUnit(packets, at)) newest.set(pid, { at, told: unitBytes(packets, at), came: payload })
    else if (unit !== undefined) unit.came += payload
    if (pid === tables.leadPid && startsUnit(packets, at)) leadUnits++
  }
  const torn = new Map([...newest].filter(([, unit]) => isTorn(unit)).map(([pid, { at }]) => [pid, at]))
  const isLeadShorter = tables !== null && torn.has(tables.leadPid)
  return { packets: without(packets, torn), isLeadShorter, isEmpty: isLeadShorter && leadUnits === 1 }
}

const isTorn = ({ told, came }: NewestUnit) => told === 0 || came < told + bytesBeforeLength

/** Packets without those of a PID from a position on. */
function without(packets: Buffer, from: ReadonlyMap<number, number>): Buffer {
  const kept: Buffer[] = []
  for (let at = 0; at < packets.length; at += packetBytes)
    if (at < (from.get(pidOf(packets, at)) ?? packets.length))
      kept.push(packets.subarray(at, at + packetBytes))
  return kept.length * packetBytes === packets.length ? packets : Buffer.concat(kept)
}
