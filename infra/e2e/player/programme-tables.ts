import { byteAt, pidAt } from "./packet.ts"
import { crc32 } from "./sections.ts"

const CRC_BYTES = 4
const PAT_TABLE_ID = 0x00
const PMT_TABLE_ID = 0x02

export interface AssociationSection {
  readonly version: number
  readonly sectionNumber: number
  readonly lastSectionNumber: number
  readonly programmes: readonly { readonly programme: number; readonly pmtPid: number }[]
}

export interface ProgrammeMap {
  readonly programme: number
  readonly version: number
  readonly pcrPid: number
  readonly streams: readonly { readonly pid: number; readonly streamType: number }[]
}

export type Table =
  | { readonly kind: "pat"; readonly pat: AssociationSection }
  | { readonly kind: "pmt"; readonly pmt: ProgrammeMap }
  | { readonly kind: "broken" }
  /** Another table, or one that does not apply yet (current_next_indicator 0). */
  | { readonly kind: "other" }

const word = (bytes: Uint8Array, index: number) => (byteAt(bytes, index) << 8) | byteAt(bytes, index + 1)
const length12 = (bytes: Uint8Array, index: number) => word(bytes, index) & 0x0fff

/** Reads a section of PID 0 or of a PMT's PID (ISO 13818-1 2.4.4.3 and 2.4.4.8). */
export function readTable(section: Buffer): Table {
  const tableId = byteAt(section, 0)
  if (tableId !== PAT_TABLE_ID && tableId !== PMT_TABLE_ID) return { kind: "other" }
  if (section.length < 12 || crc32(section) !== 0) return { kind: "broken" }
  if ((byteAt(section, 5) & 1) === 0) return { kind: "other" }
  return tableId === PAT_TABLE_ID
    ? { kind: "pat", pat: readPat(section) }
    : { kind: "pmt", pmt: readPmt(section) }
}

const versionOf = (section: Buffer) => (byteAt(section, 5) >> 1) & 0x1f

function readPat(section: Buffer): AssociationSection {
  const programmes: { programme: number; pmtPid: number }[] = []
  for (let at = 8; at + 4 <= section.length - CRC_BYTES; at += 4) {
    const programme = word(section, at)
    // Programme 0 names the network information table's PID, not a PMT's.
    if (programme !== 0) programmes.push({ programme, pmtPid: pidAt(section, at + 2) })
  }
  return {
    version: versionOf(section),
    sectionNumber: byteAt(section, 6),
    lastSectionNumber: byteAt(section, 7),
    programmes,
  }
}

function readPmt(section: Buffer): ProgrammeMap {
  const streams: { pid: number; streamType: number }[] = []
  let at = 12 + length12(section, 10)
  while (at + 5 <= section.length - CRC_BYTES) {
    streams.push({ pid: pidAt(section, at + 1), streamType: byteAt(section, at) })
    at += 5 + length12(section, at + 3)
  }
  return { programme: word(section, 3), version: versionOf(section), pcrPid: pidAt(section, 8), streams }
}
