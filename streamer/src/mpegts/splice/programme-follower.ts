import { packetBytes, pidOf } from "../packet.ts"
import { type Programme, readPat, readProgramme } from "../programme.ts"
import { TableCollector } from "../section.ts"

/** Follows PAT and PMT of one programme of a feed. */
export class ProgrammeFollower {
  readonly #patTable = new TableCollector(0)
  #pmtTable = new TableCollector(2)
  #pmtPid: number
  #pmtPids: readonly number[] = []
  /** Sections as they came last. */
  pat: Buffer = Buffer.alloc(0)
  pmt: Buffer = Buffer.alloc(0)
  programme: Programme | null = null

  /** `tables` are the whole tables of a join point; its first PMT's programme is followed. */
  constructor(tables: Buffer) {
    this.#pmtPid = firstPmtPid(tables)
    for (let at = 0; at < tables.length; at += packetBytes) this.push(tables, at)
  }

  get pmtPid(): number {
    return this.#pmtPid
  }

  /** Takes the packet at `at`, of any PID; says which table it completed. */
  push(data: Buffer, at: number): "pat" | "pmt" | null {
    const pid = pidOf(data, at)
    if (pid === 0) return this.#takePat(data, at)
    return pid === this.#pmtPid ? this.#takePmt(data, at) : null
  }

  #takePat(data: Buffer, at: number): "pat" | null {
    const table = this.#patTable.push(data, at)
    if (table === null) return null
    this.pat = table.section
    this.#pmtPids = readPat(table.section)
    const [first] = this.#pmtPids
    if (first !== undefined && !this.#pmtPids.includes(this.#pmtPid)) {
      this.#pmtPid = first
      this.#pmtTable = new TableCollector(2)
    }
    return "pat"
  }

  #takePmt(data: Buffer, at: number): "pmt" | null {
    const table = this.#pmtTable.push(data, at)
    if (table === null) return null
    const programme = readProgramme(table.section)
    // Several programmes may have their PMTs on one PID (ISO 13818-1 2.4.4.3).
    const isOther = this.programme !== null && this.programme.number !== programme.number
    if (isOther && this.#pmtPids.filter((pid) => pid === this.#pmtPid).length > 1) return null
    this.pmt = table.section
    this.programme = programme
    return "pmt"
  }
}

function firstPmtPid(tables: Buffer): number {
  for (let at = 0; at < tables.length; at += packetBytes)
    if (pidOf(tables, at) !== 0) return pidOf(tables, at)
  return -1
}
