import * as packet from "../../../../infra/e2e/player/packet.ts"
import { readPesHeader } from "../../../../infra/e2e/player/pes-header.ts"
import { readTable, type Table } from "../../../../infra/e2e/player/programme-tables.ts"
import { createSectionReader } from "../../../../infra/e2e/player/sections.ts"
import { packetsOf } from "../../../../infra/e2e/player/test-support/break-packets.ts"

/** A packet that came out, read by the checking player's own code. */
export interface Out {
  pid: number
  counter: number
  startsUnit: boolean
  hasPayload: boolean
  isAnnounced: boolean
  pcr90kHz: number | null
  dts90kHz: number | null
  bytes: Buffer
}

export function readOutput(stream: Buffer): Out[] {
  return packetsOf(stream).map((bytes) => ({
    pid: packet.pidOf(bytes),
    counter: packet.counterOf(bytes),
    startsUnit: packet.startsUnit(bytes),
    hasPayload: packet.hasPayload(bytes),
    isAnnounced: packet.announcesDiscontinuity(bytes),
    pcr90kHz: packet.hasPcr(bytes) ? Math.floor(packet.pcr27MHz(bytes) / 300) : null,
    dts90kHz: packet.startsUnit(bytes)
      ? (readPesHeader(bytes.subarray(packet.payloadStart(bytes)))?.dts90kHz ?? null)
      : null,
    bytes,
  }))
}

/** PATs and PMTs in the order in which they came. */
export function readTables(stream: Buffer): {
  pats: Extract<Table, { kind: "pat" }>["pat"][]
  pmts: Extract<Table, { kind: "pmt" }>["pmt"][]
} {
  const readers = new Map<number, ReturnType<typeof createSectionReader>>()
  const pmtPids = new Set<number>()
  const found: ReturnType<typeof readTables> = { pats: [], pmts: [] }
  for (const bytes of packetsOf(stream)) {
    const pid = packet.pidOf(bytes)
    if ((pid !== 0 && !pmtPids.has(pid)) || !packet.hasPayload(bytes)) continue
    const reader = readers.get(pid) ?? createSectionReader()
    readers.set(pid, reader)
    for (const section of reader.push(bytes.subarray(packet.payloadStart(bytes)), packet.startsUnit(bytes))) {
      const table = readTable(section)
      if (table.kind === "pat") {
        found.pats.push(table.pat)
        for (const { pmtPid } of table.pat.programmes) pmtPids.add(pmtPid)
      }
      if (table.kind === "pmt") found.pmts.push(table.pmt)
    }
  }
  return found
}
