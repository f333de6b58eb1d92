import { byte, counterOf, nullPid, packetBytes, pidOf } from "../mpegts/packet.ts"
import { leadOf } from "../mpegts/programme.ts"
import { ProgrammeFollower } from "../mpegts/splice/programme-follower.ts"

const pids = nullPid + 1

/** What the tables of a join point say, and how they stand before packets further on in the stream. */
export class ProgrammeTables {
  readonly #tables: Buffer
  /** 1 where a PID carries PAT or PMT. */
  readonly #isTable = new Uint8Array(pids)
  /** 1 where a PID carries a stream of the programme, or its clock. */
  readonly #isStream = new Uint8Array(pids)
  readonly leadPid: number
  /** Differs when the streams do: their PIDs and types. */
  readonly identity: string

  constructor(tables: Buffer) {
    this.#tables = tables
    const { programme, pmtPid } = new ProgrammeFollower(tables)
    const streams = programme?.streams ?? []
    for (const pid of [0, pmtPid]) this.#isTable[pid] = 1
    for (const { pid } of streams) this.#isStream[pid] = 1
    if (programme !== null && programme.pcrPid !== nullPid) this.#isStream[programme.pcrPid] = 1
    this.leadPid = leadOf(streams)?.pid ?? -1
    this.identity = streams.map(({ pid, type }) => `${pid}:${type}`).join(" ")
  }

  isTable(pid: number): boolean {
    return this.#isTable[pid] === 1
  }

  isStream(pid: number): boolean {
    return this.#isStream[pid] === 1
  }

  /** A copy whose counters are those that came last, so that the next packets of the stream go on from it. */
  after(counters: ReadonlyMap<number, number>): Buffer {
    const copy = Buffer.from(this.#tables)
    const next = new Map(counters)
    for (let at = copy.length - packetBytes; at >= 0; at -= packetBytes) {
      const pid = pidOf(copy, at)
      const counter = next.get(pid) ?? counterOf(copy, at)
      copy[at + 3] = (byte(copy, at + 3) & 0xf0) | counter
      next.set(pid, (counter - 1) & 0x0f)
    }
    return copy
  }
}
