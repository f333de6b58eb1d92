import type { Programme } from "../programme.ts"
import { packetise, versionOf, writePat, writePmt } from "./write-table.ts"

/**
 * The tables of the output. The first feed's own pass by; after a splice they are written anew, with the
 * first feed's identity, and a version that grows when players have to look (ISO 13818-1 2.4.4.5).
 */
export class OutputTables {
  #pat: Buffer | null = null
  #pmt: Buffer | null = null
  #streamId = 1
  #programme = 1
  #pmtPid = 0x1000

  get pmtPid(): number {
    return this.#pmtPid
  }

  /** The first feed's PAT, which goes out as it is. */
  passPat(section: Buffer): void {
    this.#pat = section
    this.#streamId = section.readUInt16BE(3)
  }

  /** The first feed's PMT, which goes out as it is. */
  passPmt(section: Buffer, pmtPid: number): void {
    this.#pmt = section
    this.#programme = section.readUInt16BE(3)
    this.#pmtPid = pmtPid
  }

  /** Packets of a PAT that lists the one programme. */
  pat(): Buffer {
    const content = { programme: this.#programme, pmtPid: this.#pmtPid }
    this.#pat = renew(this.#pat, (version) => writePat({ id: this.#streamId, version }, content))
    return packetise(0, this.#pat)
  }

  /** Packets of a PMT with the PIDs of the output. */
  pmt(programme: Programme): Buffer {
    this.#pmt = renew(this.#pmt, (version) => writePmt({ id: this.#programme, version }, programme))
    return packetise(this.#pmtPid, this.#pmt)
  }

  /** Packets of the PMT that was sent last. */
  samePmt(): Buffer {
    return this.#pmt === null ? Buffer.alloc(0) : packetise(this.#pmtPid, this.#pmt)
  }
}

/** What was sent last when nothing differs, else the next version. */
function renew(last: Buffer | null, write: (version: number) => Buffer): Buffer {
  const version = last === null ? 0 : versionOf(last)
  const same = write(version)
  return last === null || same.equals(last) ? same : write((version + 1) & 0x1f)
}
