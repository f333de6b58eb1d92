import { classifyPicture } from "./keyframe.ts"
import { byte, hasPayload, isRandomAccess, packetBytes, payloadAt, pidOf, startsUnit } from "./packet.ts"
import { type ElementaryStream, leadOf, readPat, readPmt } from "./programme.ts"
import { TableCollector } from "./section.ts"

/** A place where a viewer can start. */
export interface JoinPoint {
  /** Offset in the chunk that was given last; negative when the packet came in an earlier one. */
  offset: number
  /** PAT and PMT packets as they stood there; their counters lead on to the next ones in the stream. */
  tables: Buffer
}

// A picture whose first bytes do not tell is taken for an ordinary one after this much of it.
const undecidedBytes = 16 * 1024

// Some ten seconds. Scrambled video, and video that is refreshed gradually, shows no keyframe; players show
// it a little late, which is better than never.
const patiencePictures = 300

/**
 * Finds where in a transport stream a viewer can start: at each keyframe of its video, or at each unit of
 * its audio when there is none. Only the first programme's streams count.
 */
export class JoinPointFinder {
  readonly #pat = new TableCollector(0)
  readonly #pmts = new Map<number, TableCollector>()
  #patPackets: Buffer = Buffer.alloc(0)
  readonly #pmtPackets = new Map<number, Buffer>()
  #lead: ElementaryStream | null = null
  /** The picture being looked at: where it began, and its bytes so far. */
  #undecided: { offset: number; tables: Buffer; payload: Buffer } | null = null
  /** Of the lead stream, since the last join point. */
  #pictures = 0
  streams: ElementaryStream[] = []

  /** Where the picture that may yet turn out to be a join point began, counted as offsets in the next chunk. */
  get undecidedOffset(): number | null {
    return this.#undecided === null ? null : this.#undecided.offset
  }

  /** Looks through whole packets; the offsets of join points refer to them. */
  push(packets: Buffer): JoinPoint[] {
    const points: JoinPoint[] = []
    for (let at = 0; at < packets.length; at += packetBytes) {
      const pid = pidOf(packets, at)
      if (pid === 0) this.#takePat(packets, at)
      else if (this.#pmts.has(pid)) this.#takePmt(pid, packets, at)
      else if (pid === this.#lead?.pid) {
        const point = this.#takeLead(this.#lead, packets, at)
        if (point !== null) points.push(point)
      }
    }
    if (this.#undecided !== null) this.#undecided.offset -= packets.length
    return points
  }

  #takePat(packets: Buffer, at: number): void {
    const table = this.#pat.push(packets, at)
    if (table === null) return
    this.#patPackets = table.packets
    const pids = readPat(table.section)
    for (const pid of this.#pmts.keys()) if (!pids.includes(pid)) this.#forgetProgramme(pid)
    for (const pid of pids) if (!this.#pmts.has(pid)) this.#pmts.set(pid, new TableCollector(2))
  }

  #forgetProgramme(pid: number): void {
    // Without its PMT no viewer can start on it, even when its streams go on for a while.
    if (pid === this.#firstProgramme()) this.#follow([])
    this.#pmts.delete(pid)
    this.#pmtPackets.delete(pid)
  }

  #takePmt(pid: number, packets: Buffer, at: number): void {
    const table = this.#pmts.get(pid)?.push(packets, at)
    if (!table) return
    this.#pmtPackets.set(pid, table.packets)
    if (pid === this.#firstProgramme()) this.#follow(readPmt(table.section))
  }

  #firstProgramme(): number | undefined {
    return this.#pmtPackets.keys().next().value
  }

  #follow(streams: ElementaryStream[]): void {
    const lead = leadOf(streams)
    if (lead?.pid !== this.#lead?.pid || lead?.type !== this.#lead?.type) this.#undecided = null
    this.streams = streams
    this.#lead = lead
  }

  #takeLead(lead: ElementaryStream, packets: Buffer, at: number): JoinPoint | null {
    if (!startsUnit(packets, at)) {
      if (this.#undecided === null || lead.video === null || !hasPayload(packets, at)) return null
      return this.#decide(lead, packets, at)
    }
    this.#undecided = null
    this.#pictures++
    const isStart = lead.video === null || isRandomAccess(packets, at) || this.#pictures > patiencePictures
    if (isStart) return this.#pointAt({ offset: at, tables: this.#tables() })
    this.#undecided = { offset: at, tables: this.#tables(), payload: Buffer.alloc(0) }
    return this.#decide(lead, packets, at)
  }

  #decide(lead: ElementaryStream, packets: Buffer, at: number): JoinPoint | null {
    const picture = this.#undecided
    if (picture === null || lead.video === null) return null
    const piece = packets.subarray(payloadAt(packets, at), at + packetBytes)
    picture.payload = Buffer.concat([picture.payload, piece])
    const verdict = classifyPicture(picture.payload, lead.video)
    if (verdict === "unknown" && picture.payload.length < undecidedBytes) return null
    this.#undecided = null
    return verdict === "key" ? this.#pointAt({ offset: picture.offset, tables: picture.tables }) : null
  }

  #pointAt(point: JoinPoint): JoinPoint {
    this.#pictures = 0
    return point
  }

  #tables(): Buffer {
    const pmts = [...this.#pmtPackets].map(([pid, packets]) => upTo(packets, this.#pmts.get(pid)?.counter))
    return Buffer.concat([upTo(this.#patPackets, this.#pat.counter), ...pmts])
  }
}

/**
 * A copy of a table's packets whose last one has this counter. Packets of the PID that came since (half of
 * the next table, a section of another kind) are not sent to joiners, and must not be missed by them.
 */
function upTo(packets: Buffer, counter = 0): Buffer {
  const copy = Buffer.from(packets)
  for (let at = copy.length - packetBytes, value = counter; at >= 0; at -= packetBytes, value--)
    copy[at + 3] = (byte(copy, at + 3) & 0xf0) | (value & 0x0f)
  return copy
}
