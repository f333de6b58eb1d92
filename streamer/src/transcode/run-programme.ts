import { leadOf } from "../mpegts/programme.ts"
import { ProgrammeFollower } from "../mpegts/splice/programme-follower.ts"

/** What a run of ffmpeg gives, as its tables list it. */
export class RunProgramme {
  /** Equal for runs of which one can go on for the other: their streams have the same PIDs and types. */
  readonly identity: string
  /** Its units decide where players can begin; -1 without streams. */
  readonly leadPid: number
  readonly #pmtPid: number

  /** Of the tables of a join point. */
  constructor(tables: Buffer) {
    const { programme, pmtPid } = new ProgrammeFollower(tables)
    const streams = programme?.streams ?? []
    this.identity = streams.map(({ pid, type }) => `${pid}:${type}`).join(" ")
    this.leadPid = leadOf(streams)?.pid ?? -1
    this.#pmtPid = pmtPid
  }

  isTable(pid: number): boolean {
    return pid === 0 || pid === this.#pmtPid
  }
}
